package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.archive.StoredRows;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.Gate;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.run.Amounts;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** One restore: objects, rows, keys and indexes, foreign keys, sequences, owners and grants. */
final class Restoring {
    private static final Set<String> BELOW = Set.of("partition", "child", "index partition");

    private final BackupManifest manifest;
    private final RestorePart part;
    private final Target into;
    private final BackupFolder from;
    private final Gate gate;
    private final Set<TableName> taken;
    /** Tables whose parents are restored, too. */
    private final Set<TableName> parents;

    private final List<String> notes = new ArrayList<>();
    private final AtomicInteger tables = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();

    Restoring(BackupManifest manifest, RestorePart part, Target into, BackupFolder from, Gate gate) {
        this.manifest = manifest;
        this.part = part;
        this.into = into;
        this.from = from;
        this.gate = gate;
        this.taken = part.tablesOf(manifest);
        this.parents = manifest.copied().tables().stream()
                .filter(table -> table.parent().filter(taken::contains).isPresent())
                .map(CopiedTable::table)
                .collect(Collectors.toSet());
    }

    Restored run() throws SQLException, IOException {
        String name = "caretaker/restore " + manifest.order().id();
        try (Session session = into.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            ready(session);
            ObjectMaker maker = new ObjectMaker(session.connection(), gate);
            gate.at(0, "making tables");
            maker.make(wanted(MadeObject.Phase.BEFORE_ROWS));
            rows(session, name);
            gate.at(0.7, "making keys and indexes");
            maker.make(wanted(MadeObject.Phase.AFTER_ROWS));
            sequences(session.connection());
            gate.at(0.9, "making foreign keys");
            maker.make(wanted(MadeObject.Phase.LAST));
            maker.make(rights(session.connection()));
            notes.addAll(maker.alreadyThere());
            return new Restored(tables.get(), rows.get(), maker.failed(), List.copyOf(notes));
        }
    }

    /** Bounded by the run alone: an index takes as long as it takes. */
    private static void ready(Session session) throws SQLException {
        Connection connection = session.connection();
        Sql.of("SET statement_timeout = 0").execute(connection);
        Sql.of("SET idle_session_timeout = 0").execute(connection);
        Sql.of("SET check_function_bodies = off").execute(connection);
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

    private void rows(Session session, String name) throws SQLException, IOException {
        List<CopiedTable> largestFirst = manifest.copied().tables().stream()
                .filter(table -> taken.contains(table.table()))
                .filter(table -> table.stored() && table.hasRows())
                .sorted(Comparator.comparingLong(CopiedTable::bytes).reversed())
                .toList();
        long all =
                Math.max(1, largestFirst.stream().mapToLong(CopiedTable::rows).sum());
        new Crew<>(into, name, gate, largestFirst)
                .work(
                        session,
                        manifest.order().sessions(),
                        Restoring::ready,
                        (worker, table) -> load(worker.connection(), table, all, largestFirst.size()));
    }

    private void load(Connection connection, CopiedTable table, long all, int count) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            TextSettings.apply(connection);
            Sql.of("SET LOCAL idle_in_transaction_session_timeout = 0").execute(connection);
            for (Manifest.Part object : table.parts()) {
                copy(connection, table, object);
            }
            connection.commit();
        } catch (SQLException | IOException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        tables.incrementAndGet();
        gate.at(
                0.7 * rows.addAndGet(table.rows()) / all,
                tables.get() + " of " + Amounts.count(count, "table", "tables") + " loaded");
    }

    private void copy(Connection connection, CopiedTable table, Manifest.Part object) throws SQLException, IOException {
        String columns = table.columns().stream()
                .map(ArchivedColumn::name)
                .map(Identifiers::quote)
                .collect(Collectors.joining(", "));
        String sql = "COPY " + Identifiers.quote(table.table()) + (columns.isEmpty() ? "" : " (" + columns + ")")
                + " FROM STDIN (FORMAT csv)";
        try (StoredRows stored = from.rows(manifest, table, object)) {
            RowPipe.copy(connection, sql, buffer -> {
                int piece = 0;
                while (stored.next(buffer::write)) {
                    if (++piece % 1_000 == 0) {
                        gate.pass();
                    }
                }
            });
        }
    }

    private void sequences(Connection connection) throws SQLException {
        for (CopiedSequence sequence : manifest.copied().sequences()) {
            if (part.isWhole() || taken.contains(sequence.table().orElse(sequence.name()))) {
                Sql.of(
                                "SELECT pg_catalog.setval(CAST(? AS pg_catalog.regclass), ?, ?)",
                                Identifiers.quote(sequence.name()),
                                sequence.lastValue(),
                                sequence.called())
                        .one(connection, row -> row.getLong(1));
            }
        }
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
