package dev.caretaker.server.backup.copy;

import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.LeftAlone;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.Occupied;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One restore by statements of ours: objects, rows, keys and indexes, foreign keys, sequences, owners and grants. */
public final class Restoring {
    private static final Set<String> BELOW = Set.of("partition", "child", "index partition");

    private final BackupManifest manifest;
    private final RestorePart part;
    private final Target into;
    private final Gate gate;
    private final RowLoader loader;
    private final Set<TableName> taken;
    /** Tables whose parents are restored, too. */
    private final Set<TableName> parents;

    private final List<String> notes = new ArrayList<>();

    /** @param loader of the rows, once their tables are there */
    public Restoring(BackupManifest manifest, RestorePart part, Target into, Gate gate, RowLoader loader) {
        this.manifest = manifest;
        this.part = part;
        this.into = into;
        this.gate = gate;
        this.loader = loader;
        this.taken = part.tablesOf(manifest);
        this.parents = manifest.copied().tables().stream()
                .filter(table -> table.parent().filter(taken::contains).isPresent())
                .map(CopiedTable::table)
                .collect(Collectors.toSet());
    }

    /** What an engine has of rows. */
    @FunctionalInterface
    public interface RowLoader {
        /**
         * Loads them.
         *
         * @param session of the restore, in autocommit
         * @param name application_name of further sessions
         * @param largestFirst tables that are there, empty, without keys and indexes
         * @return tables whose rows the login may not load, and what the server said
         * @throws dev.caretaker.server.error.CaretakerException ARCHIVE_DAMAGED, …
         */
        Map<TableName, String> load(Session session, String name, List<CopiedTable> largestFirst)
                throws SQLException, IOException;
    }

    /** Restores, and tells what could not be made. */
    public Restored run() throws SQLException, IOException {
        String name = "caretaker/restore " + manifest.order().id();
        try (Session session = into.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            ready(session);
            Occupied before = Occupied.read(into.name(), session.connection());
            ObjectMaker maker = new ObjectMaker(session.connection(), gate);
            gate.at(0, "making tables");
            maker.make(wanted(MadeObject.Phase.BEFORE_ROWS));
            List<CopiedTable> there = largestFirst(maker.unmade("table"));
            Map<TableName, String> refused = loader.load(session, name, there);
            gate.at(0.7, "making keys and indexes");
            LeftAlone others = new LeftAlone(before);
            maker.make(others.without(maker.there(), wanted(MadeObject.Phase.AFTER_ROWS)));
            sequences(session.connection(), maker.there("sequence"));
            gate.at(0.9, "making foreign keys");
            maker.make(others.without(maker.there(), wanted(MadeObject.Phase.LAST)));
            maker.make(others.without(maker.there(), rights(session.connection())));
            notes.addAll(maker.alreadyThere());
            notes.addAll(others.notes());
            List<CopiedTable> loaded = there.stream()
                    .filter(table -> !refused.containsKey(table.table()))
                    .toList();
            return new Restored(
                    loaded.size(),
                    loaded.stream().mapToLong(CopiedTable::rows).sum(),
                    missing(maker, refused),
                    refused.keySet(),
                    maker.unmade("extension").stream().map(TableName::name).collect(Collectors.toSet()),
                    List.copyOf(notes),
                    Map.of());
        }
    }

    private static List<Unmade> missing(ObjectMaker maker, Map<TableName, String> refused) {
        List<Unmade> missing = new ArrayList<>();
        refused.forEach((table, words) -> missing.add(
                new Unmade("Rows of table " + table + " could not be loaded: " + words + ".", Unmade.Why.REFUSED, "")));
        missing.addAll(maker.failed());
        return missing;
    }

    /**
     * Bounded by the run alone: an index takes as long as it takes. Functions of what is restored may warn for every row, and the driver
     * keeps all of that as long as the statement lasts.
     */
    static void ready(Session session) throws SQLException {
        Connection connection = session.connection();
        Sql.of("SET statement_timeout = 0").execute(connection);
        Sql.of("SET lock_timeout = 0").execute(connection);
        Sql.of("SET idle_session_timeout = 0").execute(connection);
        Sql.of("SET client_min_messages = error").execute(connection);
        Sql.of("SET check_function_bodies = off").execute(connection);
        Sql.of("SET default_table_access_method = heap").execute(connection); // of those that name no other
        Sql.of("SET search_path = pg_catalog, pg_temp").execute(connection);
    }

    private List<MadeObject> wanted(MadeObject.Phase phase) {
        return manifest.copied().objects().stream()
                .filter(object -> object.phase() == phase && part.takes(object, taken) && !alone(object))
                .toList();
    }

    /** Whether it would put a table below one that is not restored. */
    private boolean alone(MadeObject object) {
        return BELOW.contains(object.kind())
                && object.table().filter(parents::contains).isEmpty()
                && !part.isWhole();
    }

    /** @param unmade tables that could not be made, which is told by name */
    private List<CopiedTable> largestFirst(Set<TableName> unmade) {
        return manifest.copied().tables().stream()
                .filter(table -> taken.contains(table.table()) && !unmade.contains(table.table()))
                .filter(table -> table.stored() && table.hasRows())
                .sorted(Comparator.comparingLong(CopiedTable::bytes)
                        .thenComparingLong(CopiedTable::rows)
                        .reversed())
                .toList();
    }

    /** @param there those that were there before: they stay where they stand */
    private void sequences(Connection connection, Set<TableName> there) throws SQLException {
        Set<TableName> made = manifest.copied().objects().stream()
                .filter(object -> object.kind().equals("sequence") && part.takes(object, taken))
                .map(MadeObject::name)
                .collect(Collectors.toSet());
        for (CopiedSequence sequence : manifest.copied().sequences()) {
            boolean wanted = part.isWhole()
                    || sequence.table().filter(taken::contains).isPresent()
                    || made.contains(sequence.name());
            if (wanted && !there.contains(sequence.name()) && isThere(connection, sequence.name())) {
                Sql.of(
                                "SELECT pg_catalog.setval(CAST(? AS pg_catalog.regclass), ?, ?)",
                                Identifiers.quote(sequence.name()),
                                sequence.lastValue(),
                                sequence.called())
                        .one(connection, row -> row.getLong(1));
            }
        }
    }

    /** One of a table that could not be made is missing with it. */
    private static boolean isThere(Connection connection, TableName sequence) throws SQLException {
        return Sql.of("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Identifiers.quote(sequence))
                .one(connection, row -> row.getBoolean(1));
    }

    /**
     * Makes owners and grants alone, where all else is there.
     *
     * @param lacking roles that do not exist there
     * @return what could not be made
     */
    public static List<Unmade> rights(BackupManifest manifest, Connection connection, Gate gate, Set<String> lacking)
            throws SQLException {
        ObjectMaker maker = new ObjectMaker(connection, gate);
        maker.make(manifest.copied().objects().stream()
                .filter(object -> object.phase() == MadeObject.Phase.RIGHTS && !lacking.contains(object.role()))
                .toList());
        return maker.failed();
    }

    /** Those whose roles exist here. */
    private List<MadeObject> rights(Connection connection) throws SQLException {
        if (!part.owners()) {
            return List.of();
        }
        Set<String> here = new HashSet<>(
                Sql.of("SELECT rolname FROM pg_catalog.pg_roles").list(connection, row -> row.getString(1)));
        Set<String> lacking = new TreeSet<>();
        List<MadeObject> possible = new ArrayList<>();
        for (MadeObject right : wanted(MadeObject.Phase.RIGHTS)) {
            if (right.role().isEmpty() || here.contains(right.role())) {
                possible.add(right);
            } else {
                lacking.add(right.role());
            }
        }
        lacking.forEach(
                role -> notes.add("Role " + role + " does not exist here: what it owned and was granted is left out."));
        return possible;
    }
}
