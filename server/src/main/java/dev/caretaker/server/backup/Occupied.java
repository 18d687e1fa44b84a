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
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a database has before a backup is restored into it; what extensions bring does not count.
 *
 * @param relations kinds, such as {@code table}, by name
 * @param schemas also public
 * @param types names; those that a table has with it do not count
 * @param functions names, one for each of several that have one name
 * @param counts how many there are of kinds that only pg_dump holds, by plurals such as {@code aggregates}
 */
public record Occupied(
        String target,
        Map<TableName, String> relations,
        Set<String> schemas,
        List<TableName> types,
        List<TableName> functions,
        Map<String, Long> counts) {
    private static final int MOST = 10;

    /** Plurals of the kinds, in the order in which they are told. */
    private static final List<String> KINDS = List.of("table", "sequence", "view", "foreign table");

    private static final Set<String> TYPES = Set.of("enum", "domain", "composite type", "range");
    private static final String PUBLIC = "public";

    static Occupied of(Target target) {
        return target.withPrimary(connection -> read(target.name(), connection));
    }

    /** Reads it, before anything is restored. */
    public static Occupied read(String target, Connection connection) throws SQLException {
        Map<TableName, String> relations = new HashMap<>();
        Sql.resource("backup/relations_here")
                .list(
                        connection,
                        row -> relations.put(
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                row.getString("kind")));
        record Other(String kind, TableName name) {}
        List<Other> others = Sql.resource("backup/others_here")
                .list(
                        connection,
                        row -> new Other(
                                row.getString("kind"), new TableName(row.getString("schema"), row.getString("name"))));
        Set<String> schemas = new HashSet<>();
        List<TableName> types = new ArrayList<>();
        List<TableName> functions = new ArrayList<>();
        for (Other other : others) {
            switch (other.kind()) {
                case "schema" -> schemas.add(other.name().name());
                case "type" -> types.add(other.name());
                default -> functions.add(other.name());
            }
        }
        return new Occupied(target, relations, schemas, types, functions, DatabaseObjects.counts(connection));
    }

    private long largeObjects() {
        return counts.getOrDefault(Unmade.LARGE_OBJECTS, 0L);
    }

    /** Whether it has nothing but schemas. */
    boolean isEmpty() {
        return relations.isEmpty() && types.isEmpty() && functions.isEmpty() && largeObjects() == 0;
    }

    /** @throws CaretakerException DATABASE_NOT_EMPTY if there is anything */
    void requireNothing() {
        if (isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>();
        for (String kind : KINDS) {
            counted(all, relations.values().stream().filter(kind::equals).count(), kind);
        }
        counted(all, types.size(), "type");
        counted(all, functions.size(), "function");
        counted(all, largeObjects(), "large object");
        throw CaretakerException.of(
                Reason.DATABASE_NOT_EMPTY,
                "The database of target " + target + " has " + String.join(", ", all)
                        + "; a backup is restored into an empty one unless allow_not_empty says otherwise.");
    }

    private static void counted(List<String> all, long count, String kind) {
        if (count > 0) {
            all.add(Amounts.count(count, kind, kind + "s"));
        }
    }

    /** Where pg_restore makes all by itself: it then also changes what it did not make. */
    private static boolean isByPgRestore(BackupManifest manifest, RestorePart part) {
        return part.isWhole() && manifest.copied().dump().filter(Dumped::all).isPresent();
    }

    /**
     * Nothing that is restored would change what is there: rows that are loaded go to what has the table's name, sequences of tables are set,
     * views get their rules and triggers. Where pg_restore makes all by itself it also sets other sequences, writes to large objects, and
     * gives owner, grants and comment of the backup to types and functions, whether or not it made them.
     *
     * @param part what is restored
     * @throws CaretakerException DATABASE_NOT_EMPTY, with the names
     */
    void requireNoneOf(BackupManifest manifest, RestorePart part) {
        boolean byPgRestore = isByPgRestore(manifest, part);
        Set<String> both = new TreeSet<>();
        relationsOf(manifest, part).stream().filter(relations::containsKey).forEach(name -> both.add(name.toString()));
        if (byPgRestore) {
            for (MadeObject object : manifest.copied().objects()) {
                if (TYPES.contains(object.kind()) && types.contains(object.name())) {
                    both.add("type " + object.name());
                } else if (object.kind().equals("function") && functions.contains(nameOf(object))) {
                    both.add("function " + nameOf(object));
                }
            }
        }
        List<String> all = Stream.concat(
                        both.stream(),
                        byPgRestore && largeObjects() > 0 && countOf(manifest, Unmade.LARGE_OBJECTS) > 0
                                ? Stream.of("large objects")
                                : Stream.empty())
                .toList();
        if (!all.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DATABASE_NOT_EMPTY,
                    "The database of target " + target + " has "
                            + String.join(", ", all.subList(0, Math.min(MOST, all.size())))
                            + (all.size() > MOST ? " and " + (all.size() - MOST) + " more" : "")
                            + " already; what is there is not replaced.");
        }
    }

    /** A sequence goes with its table, and is told with it. */
    private Set<TableName> relationsOf(BackupManifest manifest, RestorePart part) {
        boolean alone = isByPgRestore(manifest, part); // else those of no table stay where they stand
        Set<TableName> tables = part.tablesOf(manifest);
        Set<TableName> restored = new HashSet<>(tables);
        manifest.copied().sequences().stream()
                .filter(sequence -> sequence.table()
                        .map(table -> tables.contains(table) && !relations.containsKey(table))
                        .orElse(alone))
                .forEach(sequence -> restored.add(sequence.name()));
        manifest.copied().objects().stream()
                .filter(object -> object.kind().endsWith("view") && part.takes(object, tables))
                .forEach(object -> restored.add(object.name()));
        return restored;
    }

    /** Without the types of its arguments. */
    private static TableName nameOf(MadeObject function) {
        String called = function.name().name();
        return new TableName(function.name().schema(), called.substring(0, called.indexOf('(')));
    }

    private static long countOf(BackupManifest manifest, String kind) {
        return manifest.copied()
                .dump()
                .map(dump -> dump.counts().getOrDefault(kind, 0L))
                .orElse(0L);
    }

    /**
     * What would be changed all the same, one sentence each: pg_restore gives owner, grants and comment of the backup to whatever has the name
     * of something in it. Schemas may be there for that very reason, and of other kinds only the number is known.
     */
    List<String> changed(BackupManifest manifest, RestorePart part) {
        if (!isByPgRestore(manifest, part)) {
            return List.of();
        }
        List<String> changed = new ArrayList<>();
        manifest.copied().objects().stream()
                .filter(object -> object.kind().equals("schema"))
                .map(object -> object.name().name())
                .filter(name -> schemas.contains(name) && !(isEmpty() && name.equals(PUBLIC)))
                .sorted()
                .forEach(name -> changed.add("Schema " + name
                        + " is there already: it gets the owner, the grants and the comment of the backup."));
        counts.keySet().stream()
                .filter(kind -> countOf(manifest, kind) > 0 && !kind.equals(Unmade.LARGE_OBJECTS))
                .forEach(kind -> changed.add("There are " + kind
                        + " already: those whose name the backup has, too, get its owner, grants and comment."));
        return changed;
    }
}
