package dev.caretaker.server.backup;

import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Compares what was restored with what was copied: every table by count and hash, objects by kind and name, sequences. */
final class Comparison {
    /** Of these it is not said that they are missing: no comparison is about roles, and a schema lacks with all that is in it. */
    private static final Set<String> APART = Set.of("owner", "grants", "schema");
    /** Kinds that manifests of earlier versions do not name, or not all of. */
    private static final Set<String> LATER = Set.of(
            "comment",
            "shell type",
            "domain check",
            "access method",
            "typed table",
            "column setting",
            "index setting",
            "rule state",
            "row security",
            "statistics target");
    /** Kinds that they did not count. */
    private static final Set<String> COUNTED_LATER = Set.of(
            "foreign data wrappers",
            "operator classes",
            "operator families",
            "transforms",
            "conversions",
            "languages",
            "base types",
            "text search dictionaries",
            "text search parsers",
            "text search templates",
            "property graphs");
    /** That a materialized view has its rows. */
    private static final String REFRESH = "refresh";

    private final BackupManifest manifest;
    private final Target restored;
    private final Set<TableName> unloaded;
    private final Gate gate;
    private final List<String> faults = new ArrayList<>();
    private final List<Absence> absent = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int tables;
    private long rows;
    private boolean largeObjects;

    /** @param unloaded tables whose rows are not there, which is known and told: they are not looked at */
    Comparison(BackupManifest manifest, Target restored, Set<TableName> unloaded, Gate gate) {
        this.manifest = manifest;
        this.restored = restored;
        this.unloaded = unloaded;
        this.gate = gate;
    }

    /**
     * What was found.
     *
     * @param tables compared by count and hash
     * @param rows in them
     * @param faults what is not what it was, one sentence each, sorted
     * @param absent what is not there, which may have been left out for a reason that is no fault; the same
     * @param notes what is to be known, one sentence each
     * @param largeObjects whether these were compared by hash
     */
    record Result(
            int tables,
            long rows,
            List<String> faults,
            List<Absence> absent,
            List<String> notes,
            boolean largeObjects) {}

    private record Sum(long rows, BigDecimal hash) {
        Sum plus(Sum other) {
            return new Sum(rows + other.rows, hash.add(other.hash));
        }
    }

    private record Look(CopiedTable table, TablePiece piece) {}

    Result run() throws SQLException, IOException {
        String name = "caretaker/compare " + manifest.order().id();
        try (Session session = restored.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            ready(session);
            Map<TableName, FoundTable> here = new HashMap<>();
            DatabaseObjects.tables(session.connection()).forEach(table -> here.put(table.name(), table));
            tables(session, name, here);
            objects(session.connection());
            sequences(session.connection());
            kinds(session.connection());
            constraints(session.connection());
        }
        absent.sort(Comparator.comparing(Absence::sentence));
        return new Result(tables, rows, sorted(faults), List.copyOf(absent), List.copyOf(notes), largeObjects);
    }

    private static void ready(Session session) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        Sql.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(connection);
        Sql.of("SET LOCAL statement_timeout = 0").execute(connection);
        Sql.of("SET LOCAL idle_in_transaction_session_timeout = 0").execute(connection);
        Sql.of("SET LOCAL search_path = pg_catalog, pg_temp").execute(connection);
        TextSettings.apply(connection);
    }

    private static List<String> sorted(List<String> sentences) {
        return sentences.stream().sorted().toList();
    }

    private void tables(Session session, String name, Map<TableName, FoundTable> here)
            throws SQLException, IOException {
        List<Look> looks = new ArrayList<>();
        for (CopiedTable table : manifest.copied().tables()) {
            FoundTable found = here.get(table.table());
            if (found == null) {
                absent.add(new Absence(
                        "Table " + table.table() + " is missing.", Absence.table(table.table()), 0, Set.of()));
            } else if (table.stored() && !unloaded.contains(table.table())) {
                TablePiece.of(found).forEach(piece -> looks.add(new Look(table, piece)));
            }
        }
        looks.sort(Comparator.comparingLong((Look look) -> look.piece().bytes()).reversed());
        Map<TableName, Sum> sums = new ConcurrentHashMap<>();
        AtomicInteger done = new AtomicInteger();
        new Crew<>(restored, name, gate, looks)
                .work(session, manifest.order().sessions(), Comparison::ready, (worker, look) -> {
                    sums.merge(look.table().table(), sum(worker.connection(), look), Sum::plus);
                    gate.at(
                            (double) done.incrementAndGet() / looks.size(),
                            done.get() + " of " + looks.size() + " tables and pieces of tables compared");
                });
        looks.stream().map(Look::table).distinct().forEach(table -> judge(table, sums.get(table.table())));
    }

    private static Sum sum(Connection connection, Look look) throws SQLException {
        return Sql.of("SELECT pg_catalog.count(*), COALESCE("
                        + RowHash.sum(look.table().columns(), "t") + ", 0) FROM ONLY "
                        + Identifiers.quote(look.table().table()) + " AS t"
                        + look.piece().where("t"))
                .one(connection, row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
    }

    private void judge(CopiedTable table, Sum sum) {
        tables++;
        rows += sum.rows();
        if (sum.rows() != table.rows()) {
            faults.add("Table " + table.table() + " has " + sum.rows() + " rows, not " + table.rows() + ".");
        } else if (sum.hash().compareTo(table.hash()) != 0) {
            faults.add("Table " + table.table() + " has other values: the hash of its rows is " + sum.hash() + ", not "
                    + table.hash() + ".");
        }
    }

    /** By kind and name, and by number: two of a kind may have one name. */
    private void objects(Connection connection) throws SQLException {
        Set<TableName> names =
                manifest.copied().tables().stream().map(CopiedTable::table).collect(Collectors.toSet());
        List<FoundTable> found = DatabaseObjects.tables(connection).stream()
                .filter(table -> names.contains(table.name()))
                .toList();
        Map<Named, List<MadeObject>> then = named(manifest.copied().objects());
        Map<Named, List<MadeObject>> now = named(DatabaseObjects.read(connection, found, _ -> true, true));
        Map<Optional<TableName>, List<MadeObject>> ofTables =
                manifest.copied().objects().stream().collect(Collectors.groupingBy(MadeObject::table));
        Set<Named> all = new HashSet<>(then.keySet());
        all.addAll(now.keySet());
        for (Named object : all) {
            int before = then.getOrDefault(object, List.of()).size();
            int after = now.getOrDefault(object, List.of()).size();
            if (after < before) {
                MadeObject lacking = then.get(object).getFirst();
                if (object.kind().equals(REFRESH) && wasLeftOut(connection, object.name(), then.keySet())) {
                    continue;
                }
                absent.add(Absence.of(
                        object.kind().equals(REFRESH)
                                ? "Materialized view " + object.name() + " is not populated: its REFRESH lacks."
                                : "Missing: " + object + ".",
                        lacking,
                        before - after,
                        lacking.table().isPresent() ? ofTables.get(lacking.table()) : List.of()));
            } else if (after > before && !isUnknown(object.kind(), LATER)) {
                faults.add("Not in the backup, but there: " + object + ".");
            }
        }
    }

    private boolean isUnknown(String kind, Set<String> later) {
        return manifest.isOfFewerKinds() && later.contains(kind);
    }

    /** pg_dump has none refreshed that reads one without rows, and had its rows from before. */
    private boolean wasLeftOut(Connection connection, TableName view, Set<Named> then) throws SQLException {
        if (manifest.copied().dump().filter(Dumped::all).isEmpty()) {
            return false;
        }
        Optional<TableName> empty = Sql.resource("backup/unpopulated_reads", Identifiers.quote(view))
                .list(connection, row -> new TableName(row.getString("schema"), row.getString("name")))
                .stream()
                .filter(name -> !then.contains(new Named(REFRESH, name, Optional.empty())))
                .findFirst();
        empty.ifPresent(name -> notes.add("Materialized view " + view + " is not populated: it reads " + name
                + ", which was not where the backup was taken, and pg_dump leaves that out."));
        return empty.isPresent();
    }

    /** What an object is known by; two of a kind may have one name, such as functions. */
    private record Named(String kind, TableName name, Optional<TableName> table) {
        @Override
        public String toString() {
            return kind + " " + name + table.map(of -> " of " + of).orElse("");
        }
    }

    private static Map<Named, List<MadeObject>> named(List<MadeObject> objects) {
        return objects.stream()
                .filter(object -> !APART.contains(object.kind()))
                .collect(Collectors.groupingBy(object -> new Named(
                        object.kind(), object.name(), object.table().filter(table -> !table.equals(object.name())))));
    }

    private void sequences(Connection connection) throws SQLException {
        Map<TableName, CopiedSequence> here = new HashMap<>();
        DatabaseObjects.sequences(connection, _ -> true).forEach(sequence -> here.put(sequence.name(), sequence));
        for (CopiedSequence copied : manifest.copied().sequences()) {
            CopiedSequence found = here.get(copied.name());
            if (found == null) {
                absent.add(new Absence(
                        "Sequence " + copied.name() + " is missing.",
                        Absence.sequence(copied.name()),
                        0,
                        copied.table().map(Absence::tables).orElse(Set.of())));
            } else if (!copied.mayStandAt(found)) {
                faults.add("Sequence " + copied.name() + " stands at " + found.lastValue() + ", not " + copied.span()
                        + ".");
            } else {
                behind(connection, found);
            }
        }
    }

    /**
     * A sequence that is behind its column gives out values that are there already. It stands where it stood when it was copied, which
     * was after the rows were: so the backup is true to its source, and the source is what is to be mended.
     */
    private void behind(Connection connection, CopiedSequence sequence) throws SQLException {
        boolean hasRows = manifest.copied().tables().stream()
                .anyMatch(table -> Optional.of(table.table()).equals(sequence.table()) && table.rows() > 0);
        boolean partitioned = manifest.copied().tables().stream()
                .anyMatch(table -> Optional.of(table.table()).equals(sequence.table()) && !table.stored());
        if (sequence.column().isEmpty() || !hasRows && !partitioned) {
            return;
        }
        boolean up = sequence.increment() > 0;
        Optional<BigDecimal> end = Sql.of("SELECT pg_catalog." + (up ? "max(" : "min(")
                        + Identifiers.quote(sequence.column()) + ") FROM "
                        + Identifiers.quote(sequence.table().orElseThrow()))
                .first(connection, row -> row.getString(1))
                .filter(text -> Character.isDigit(text.charAt(text.length() - 1))) // neither NaN nor infinite
                .map(BigDecimal::new);
        if (end.isEmpty()) {
            return;
        }
        int compared = end.get().compareTo(BigDecimal.valueOf(sequence.lastValue()));
        if (up ? compared > 0 : compared < 0) {
            notes.add("Sequence " + sequence.name() + " stands at " + sequence.lastValue() + ", behind column "
                    + sequence.column() + " of " + sequence.table().orElseThrow() + ", which has " + end.get()
                    + ": so it was in the database that was copied, whose next inserts meet keys that are there.");
        }
    }

    /** Objects of kinds that have no statements of ours, by number. */
    private void kinds(Connection connection) throws SQLException {
        Optional<Dumped> dump = manifest.copied().dump().filter(Dumped::all);
        if (dump.isEmpty()) {
            return;
        }
        Map<String, Long> here = DatabaseObjects.counts(connection);
        Set<String> kinds = new TreeSet<>(here.keySet());
        kinds.addAll(dump.get().counts().keySet());
        for (String kind : kinds) {
            long then = dump.get().counts().getOrDefault(kind, 0L);
            long now = here.getOrDefault(kind, 0L);
            if (now < then) {
                missing(kind, then - now, then);
            } else if (now > then && !isUnknown(kind, COUNTED_LATER)) {
                faults.add("Not in the backup, but there: " + (now - then) + " " + kind + ".");
            }
        }
        largeObjects(connection, dump.get(), here.containsKey(Unmade.LARGE_OBJECTS));
    }

    /** Large objects need nothing else to be there. */
    private void missing(String kind, long lack, long then) {
        String sentence = "Missing: " + lack + " of " + then + " " + kind + ".";
        if (kind.equals(Unmade.LARGE_OBJECTS)) {
            faults.add(sentence);
        } else {
            absent.add(new Absence(sentence, kind, lack, Set.of()));
        }
    }

    private void largeObjects(Connection connection, Dumped dump, boolean any) throws SQLException {
        Optional<BigDecimal> then = dump.largeObjects();
        Optional<BigDecimal> now = then.isPresent() ? DatabaseObjects.largeObjects(connection) : Optional.empty();
        largeObjects = now.isPresent();
        if (now.isPresent() && now.get().compareTo(then.orElseThrow()) != 0) {
            faults.add("The large objects have other values: their hash is " + now.get() + ", not " + then.get() + ".");
        } else if (now.isEmpty() && any) {
            notes.add("Large objects were counted, but not compared by value: the role may not read them all.");
        }
    }

    private void constraints(Connection connection) throws SQLException {
        Sql.resource("backup/not_valid")
                .list(connection, row -> row.getString("sentence"))
                .forEach(notes::add);
    }
}
