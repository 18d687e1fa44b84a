package dev.caretaker.cli.convert;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.partitions.sets.GridText;
import dev.caretaker.cli.partitions.sets.SetFile;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How the table is to be kept: from a file as {@code partitions sets apply} reads it, or from a few options. */
final class WantedSet {
    private static final int LONGEST_NAME = 63;

    @Parameters(
            paramLabel = "TABLE",
            arity = "0..1",
            description = "The plain table: NAME, SCHEMA.NAME, or quoted as in SQL. Not with --file.")
    private String table;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            order = 1,
            description = "File with one partition set, as 'partitions sets apply' reads it; - for standard input.")
    private String file;

    @Option(names = "--target", paramLabel = "NAME", order = 2, description = "The target. Not with --file.")
    private String target;

    @Option(
            names = "--grid",
            paramLabel = "GRID",
            order = 3,
            description = "Where it is to be cut, such as day, 'month in Europe/Berlin', '2 weeks from 2025-01-06'.")
    private String grid;

    @Option(names = "--ahead", paramLabel = "N", order = 5, description = "Partitions to make at once. Default: 4.")
    private Integer ahead;

    @Option(
            names = "--names",
            paramLabel = "PATTERN",
            order = 6,
            description = "How partitions are called. Default: {table}_p{yyyy}{mm}{dd}.")
    private String names;

    @Option(
            names = "--encoding",
            paramLabel = "ENCODING",
            order = 7,
            description = "How keys denote times, for integers: epoch-seconds, epoch-millis, epoch-micros.")
    private String encoding;

    @Option(names = "--set", paramLabel = "NAME", order = 8, description = "Name of the set. Default: the table's.")
    private String name;

    PartitionSet read(Session session) {
        return file == null ? fromOptions() : fromFile(session);
    }

    private PartitionSet fromFile(Session session) {
        if (table != null
                || target != null
                || grid != null
                || ahead != null
                || names != null
                || encoding != null
                || name != null) {
            throw CommandFailure.usage("--file says it all: table, target, grid and the rest of the set");
        }
        InputFile input = InputFile.read(session.environment(), file);
        List<PartitionSet> sets = SetFile.read(input);
        if (sets.size() != 1) {
            throw CommandFailure.usage(
                    input.name() + " holds " + sets.size() + " sets: a conversion is about one table");
        }
        return sets.get(0).toBuilder().clearEtag().build();
    }

    private PartitionSet fromOptions() {
        if (table == null || target == null || grid == null) {
            throw CommandFailure.usage("TABLE, --target and --grid say what to convert, or --file does");
        }
        PartitionSet.Builder set = PartitionSet.newBuilder().setTarget(target).setTable(TableNames.parse(table));
        set.setName(name == null ? usualName(set.getTable().getName()) : name);
        try {
            set.setGrid(GridText.read(grid));
            if (encoding != null) {
                set.setEncoding(SetFile.encoding(encoding));
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
        if (ahead != null) {
            set.setAhead(PartitionsAhead.newBuilder().setPartitions(ahead));
        }
        if (names != null) {
            set.setNamePattern(names);
        }
        return set.build();
    }

    /** The table's name with the letters that a set's may have. */
    static String usualName(String table) {
        String plain =
                table.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-").replaceAll("^-+|-+$", "");
        String name = plain.matches("[a-z].*") ? plain : "t" + plain;
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }
}
