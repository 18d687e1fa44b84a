package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.DatabaseObjects;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.Dumped;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One backup by pg_dump: it reads the snapshot that our session exports, while we count and hash in the same; then its files are
 * carried.
 */
final class Dumping {
    private static final Duration LEFT = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 200;

    private final BackupOrder order;
    private final Target from;
    private final BackupFolder into;
    private final Gate gate;
    private final Session session;
    private final Snapshot snapshot;
    private final Programs programs;
    private final WorkFolder folder;
    private final DumpFormat format;
    private final String name;

    Dumping(
            BackupOrder order,
            Target from,
            BackupFolder into,
            Gate gate,
            Session session,
            Snapshot snapshot,
            Programs programs,
            WorkFolder folder) {
        this.order = order;
        this.from = from;
        this.into = into;
        this.gate = gate;
        this.session = session;
        this.snapshot = snapshot;
        this.programs = programs;
        this.folder = folder;
        this.format = order.dumpFormat().orElse(DumpFormat.DIRECTORY);
        this.name = "caretaker/backup " + order.id();
    }

    /** The catalog as the snapshot shows it. */
    private record Seen(
            Selected selected,
            List<MadeObject> objects,
            Map<TableName, Long> sequences,
            Map<String, Long> counts,
            List<String> roles,
            List<String> notContained) {}

    /** @param locked called when it has its locks */
    Copied run(Runnable locked) throws SQLException, IOException {
        gate.at(0, "reading the catalog");
        Seen seen = see(locked);
        TableSums sums;
        Optional<BigDecimal> largeObjects;
        try (Target.ForProgram place = from.reserve(places());
                Child child = begin(place, seen.selected())) {
            Beside beside = new Beside(gate, "dump-" + order.id(), () -> attend(child));
            sums = new TableSums(seen.selected(), snapshot, beside);
            largeObjects = hash(sums, beside);
        }
        snapshot.requireYoung();
        List<CopiedSequence> sequences = sequences(seen);
        session.connection().rollback(); // from here on the snapshot is not needed
        gate.pass();
        return carried(seen, sums, sequences, largeObjects);
    }

    private Seen see(Runnable locked) throws SQLException {
        Connection connection = session.connection();
        Selected selected = Selected.of(order.selection(), from, DatabaseObjects.tables(connection));
        selected.requireReadable(from.name(), connection);
        Snapshot.lock(session, selected.tables());
        locked.run();
        Map<TableName, Long> sequences = new HashMap<>();
        DatabaseObjects.sequences(connection, selected.ofTable())
                .forEach(sequence -> sequences.put(sequence.name(), sequence.lastValue()));
        return new Seen(
                selected,
                DatabaseObjects.read(connection, selected.tables(), selected::takes, isAll()),
                sequences,
                DatabaseObjects.counts(connection),
                DatabaseObjects.roles(connection),
                notContained(selected));
    }

    private boolean isAll() {
        return order.selection().takesAllObjects() && from.schemas().isEmpty();
    }

    private List<String> notContained(Selected selected) throws SQLException {
        List<String> sentences =
                new ArrayList<>(isAll() ? Snapshot.notDumped(session) : Snapshot.notContained(session));
        selected.tables().stream()
                .filter(table -> !table.partitioned() && !selected.hasRows(table))
                .forEach(table -> sentences.add("The rows of " + table.name() + " are not in the backup, as ordered."));
        return List.copyOf(sentences);
    }

    /** Connections that pg_dump can use: with several jobs one more, which tells them what to do. */
    private int places() {
        return format == DumpFormat.DIRECTORY && order.sessions() > 1 ? order.sessions() + 1 : 1;
    }

    private Path archive() {
        return folder.file(format == DumpFormat.DIRECTORY ? "dump" : "database.dump");
    }

    private Child begin(Target.ForProgram place, Selected selected) {
        String called = name + " dump";
        endLeft(called);
        return programs.dump(
                place.config(),
                called,
                DumpArguments.of(
                        order,
                        format,
                        Math.max(1, place.connections() - 1),
                        snapshot,
                        from,
                        selected,
                        programs.tools(),
                        archive()));
    }

    /** An attempt on another server, whose machine is away, may have left a pg_dump that goes on. */
    private void endLeft(String called) {
        long giveUp = System.nanoTime() + LEFT.toNanos();
        while (!programs.children().endSessions(from.name(), called) && System.nanoTime() < giveUp) {
            gate.pass();
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Gate.EndedException();
            }
        }
    }

    private void attend(Child child) {
        Child.Exit exit = Programs.attend(child, gate, snapshot::requireYoung);
        if (exit.code() == 0) {
            return;
        }
        List<Mark.Line> lines = programs.lines(exit);
        if (Complaints.isLock(lines)) {
            throw new LockedException(child.failed(Programs.ending(exit)).getMessage());
        }
        if (Complaints.isDiskFull(lines)) {
            throw folder.failed(new IOException("pg_dump found no space left on the device"));
        }
        if (Complaints.mayBeLost(lines)) {
            throw child.lost(Programs.ending(exit));
        }
        throw child.failed(Programs.ending(exit));
    }

    /** Somebody waits for a lock that keeps pg_dump from its own: the whole is worth another try. */
    private static final class LockedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LockedException(String message) {
            super(message);
        }
    }

    /** @return hash of the large objects, if they are dumped and may be read */
    private Optional<BigDecimal> hash(TableSums sums, Beside beside) throws SQLException, IOException {
        Optional<BigDecimal> largeObjects = Optional.empty();
        try (Gate.Registration _ = Crew.watched(beside, session)) {
            new Crew<>(from, name, beside, sums.largestFirst())
                    .work(session, order.sessions(), snapshot::join, sums::sum);
            if (isAll()) {
                largeObjects = DatabaseObjects.largeObjects(session.connection());
            }
        } catch (SQLException | RuntimeException e) {
            if (beside.failure().isEmpty() || e instanceof SQLException sql && PostgresErrors.isConnectionLoss(sql)) {
                throw e;
            }
        } finally {
            beside.workEnded();
        }
        try {
            beside.join();
            return largeObjects;
        } catch (LockedException e) {
            throw new SQLException(e.getMessage(), PostgresErrors.LOCK_NOT_AVAILABLE, e);
        } catch (CaretakerException e) {
            requireConnected();
            throw e;
        }
    }

    /** A target that goes away ends pg_dump, too, and may come back. */
    private void requireConnected() throws SQLException {
        try {
            Sql.of("SELECT 1").one(session.connection(), row -> row.getInt(1));
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
        }
    }

    private List<CopiedSequence> sequences(Seen seen) throws SQLException {
        return DatabaseObjects.sequences(session.connection(), seen.selected().ofTable()).stream()
                .map(sequence -> sequence.since(seen.sequences().getOrDefault(sequence.name(), sequence.lastValue())))
                .toList();
    }

    private Copied carried(Seen seen, TableSums sums, List<CopiedSequence> sequences, Optional<BigDecimal> largeObjects)
            throws SQLException, IOException {
        gate.at(0.85, "reading the contents of the dump");
        List<Dumped.Entry> entries =
                programs.contents(archive()).of(seen.selected().tables());
        requireAll(seen.selected(), entries);
        DumpFiles files = new DumpFiles(into, gate, format, seen.selected().tables(), entries);
        files.carry(archive(), sums.tables(), order.sessions());
        return new Copied(
                snapshot.source(),
                snapshot.at().toInstant(),
                seen.objects(),
                files.tables(),
                sequences,
                files.others(),
                seen.notContained(),
                programs.versions(),
                Optional.of(new Dumped(
                        format, programs.tools().major(), isAll(), entries, seen.counts(), largeObjects, seen.roles())),
                snapshot.collations());
    }

    /** A pg_dump that leaves something out without a word would make a backup that lacks it. */
    private void requireAll(Selected selected, List<Dumped.Entry> entries) {
        Set<TableName> there = entries.stream().map(Dumped.Entry::table).collect(Collectors.toSet());
        List<String> lacking = selected.tables().stream()
                .filter(selected::hasRows)
                .map(FoundTable::name)
                .filter(table -> !there.contains(table))
                .map(TableName::toString)
                .toList();
        if (!lacking.isEmpty()) {
            throw CaretakerException.of(
                    Reason.TOOL_FAILED,
                    "pg_dump left out the rows of " + lacking.size() + " tables, the first of which is "
                            + lacking.getFirst() + ".");
        }
    }
}
