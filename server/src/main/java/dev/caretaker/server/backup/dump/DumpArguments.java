package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What pg_dump is told.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pgdump.html">pg_dump</a>
 */
final class DumpArguments {
    /** Version since which pg_dump knows more than gzip, and takes it by name. */
    private static final int NAMED_COMPRESSION = 16;
    /** Operating systems take about two megabytes of arguments and environment. */
    private static final int MOST_BYTES = 1_500_000;

    private DumpArguments() {}

    /**
     * An archive of what is selected.
     *
     * @param jobs sessions that dump side by side
     */
    static List<String> of(
            BackupOrder order,
            DumpFormat format,
            int jobs,
            Snapshot snapshot,
            Target from,
            Selected selected,
            PostgresTools.Tools tools,
            Path into) {
        List<String> arguments = new ArrayList<>(List.of(
                "--format=" + (format == DumpFormat.DIRECTORY ? "directory" : "custom"),
                "--file=" + into,
                "--snapshot=" + snapshot.id(),
                "--no-password",
                "--lock-wait-timeout=" + from.lockTimeout().toMillis(),
                "--no-sync", // what counts is durable at its destination
                "--no-subscriptions",
                "--no-security-labels"));
        compression(order.compression(), tools).forEach(arguments::add);
        if (format == DumpFormat.DIRECTORY && jobs > 1) {
            arguments.add("--jobs=" + jobs);
        }
        select(selected, from.schemas(), arguments);
        int bytes = arguments.stream()
                .mapToInt(argument -> argument.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
        if (bytes > MOST_BYTES) {
            throw CaretakerException.invalid(
                    "selection", "names more tables than pg_dump can be told; TABLE_COPY can copy them");
        }
        return arguments;
    }

    /**
     * Once a table is named pg_dump takes nothing else, so all are. So it is where a partition lies in another schema than the table that
     * is selected with its own: pg_dump would leave its rows out. Of such an archive, which is not of all, only rows are needed: the
     * statements of the manifest make the rest.
     */
    private static void select(Selected selected, List<String> scope, List<String> arguments) {
        if (!selected.selection().tables().isEmpty() || reachesBeyond(selected)) {
            selected.tables().forEach(table -> arguments.add("--table=" + pattern(table.name())));
        } else if (!selected.selection().schemas().isEmpty()) {
            selected.selection().schemas().forEach(schema -> arguments.add("--schema=" + quoted(schema)));
        } else {
            scope.forEach(schema -> arguments.add("--schema=" + quoted(schema)));
        }
        selected.tables().stream()
                .filter(table -> !table.partitioned() && !selected.hasRows(table))
                .forEach(table -> arguments.add("--exclude-table-data=" + pattern(table.name())));
    }

    private static boolean reachesBeyond(Selected selected) {
        List<String> schemas = selected.selection().schemas();
        return !schemas.isEmpty()
                && selected.tables().stream()
                        .anyMatch(table -> !schemas.contains(table.name().schema()));
    }

    /** Names are patterns; in quotes every character stands for itself. */
    private static String pattern(TableName table) {
        return quoted(table.schema()) + "." + quoted(table.name());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * How to say it to that version.
     *
     * @throws CaretakerException INVALID_FIELD if it does not know such a compression
     */
    static List<String> compression(String name, PostgresTools.Tools tools) {
        boolean named = tools.major() >= NAMED_COMPRESSION;
        return switch (name) {
            case "gzip" -> List.of();
            case "none" -> List.of(named ? "--compress=none" : "--compress=0");
            case "zstd", "lz4" -> {
                if (!named) {
                    throw CaretakerException.invalid(
                            "compression", "pg_dump " + tools.major() + " knows only gzip and none");
                }
                yield List.of("--compress=" + name);
            }
            default -> throw CaretakerException.invalid("compression", "give gzip, none, zstd or lz4 for pg_dump");
        };
    }
}
