package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a database has before a backup is restored into it; what extensions bring does not count.
 *
 * @param relations kinds, such as {@code table}, by name
 */
record Occupied(String target, Map<TableName, String> relations, long largeObjects, long functions) {
    private static final int MOST = 10;

    /** Plurals of the kinds, in the order in which they are told. */
    private static final List<String> KINDS = List.of("table", "sequence", "view", "foreign table");

    static Occupied of(Target target) {
        return target.withPrimary(connection -> read(target.name(), connection));
    }

    private static Occupied read(String target, Connection connection) throws SQLException {
        Map<TableName, String> relations = new HashMap<>();
        Sql.resource("backup/relations_here")
                .list(
                        connection,
                        row -> relations.put(
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                row.getString("kind")));
        return Sql.resource("backup/others_here")
                .one(
                        connection,
                        row -> new Occupied(target, relations, row.getLong("large_objects"), row.getLong("functions")));
    }

    /** @throws CaretakerException DATABASE_NOT_EMPTY if there is anything */
    void requireNothing() {
        List<String> all = new ArrayList<>();
        for (String kind : KINDS) {
            counted(all, relations.values().stream().filter(kind::equals).count(), kind);
        }
        counted(all, functions, "function");
        counted(all, largeObjects, "large object");
        if (!all.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DATABASE_NOT_EMPTY,
                    "The database of target " + target + " has " + String.join(", ", all)
                            + "; a backup is restored into an empty one unless allow_not_empty says otherwise.");
        }
    }

    private static void counted(List<String> all, long count, String kind) {
        if (count > 0) {
            all.add(Amounts.count(count, kind, kind + "s"));
        }
    }

    /**
     * Nothing that is restored would change what is there: rows that are loaded go to what has the table's name. Where pg_restore makes all by
     * itself it also sets sequences, refreshes views and writes to large objects, whether or not it made them.
     *
     * @param part what is restored
     * @throws CaretakerException DATABASE_NOT_EMPTY, with the names
     */
    void requireNoneOf(BackupManifest manifest, RestorePart part) {
        Set<TableName> restored = new HashSet<>(part.tablesOf(manifest));
        boolean byPgRestore =
                part.isWhole() && manifest.copied().dump().filter(Dumped::all).isPresent();
        if (byPgRestore) {
            manifest.copied().sequences().forEach(sequence -> restored.add(sequence.name()));
            manifest.copied().objects().stream()
                    .filter(object -> object.kind().endsWith("view"))
                    .forEach(object -> restored.add(object.name()));
        }
        List<String> both = Stream.concat(
                        restored.stream()
                                .filter(relations::containsKey)
                                .map(TableName::toString)
                                .sorted(),
                        byPgRestore && largeObjects > 0 && hasLargeObjects(manifest)
                                ? Stream.of("large objects")
                                : Stream.empty())
                .toList();
        if (!both.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DATABASE_NOT_EMPTY,
                    "The database of target " + target + " has "
                            + String.join(", ", both.subList(0, Math.min(MOST, both.size())))
                            + (both.size() > MOST ? " and " + (both.size() - MOST) + " more" : "")
                            + " already; what is there is not replaced.");
        }
    }

    private static boolean hasLargeObjects(BackupManifest manifest) {
        return manifest.copied()
                        .dump()
                        .map(dump -> dump.counts().getOrDefault("large objects", 0L))
                        .orElse(0L)
                > 0;
    }
}
