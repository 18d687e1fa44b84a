package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of a step's batches. Each has two halves: the step's work with deferred constraints and outside effects;
 * then the journal and the commit. The first half may run on another thread than the second one, and while the batch before
 * is in its second.
 *
 * @param <C> cursor of the step
 */
final class BatchTransaction<C extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchTransaction.class);
    /** Two statements in one round trip: deferred triggers and constraints fire before anything is journalled. */
    private static final String SEAL = "SET CONSTRAINTS ALL IMMEDIATE;"
            + " SELECT CAST(pg_catalog.pg_current_xact_id_if_assigned() AS pg_catalog.text),"
            + " CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint),"
            + " CAST(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) AS pg_catalog.text),"
            + " CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS pg_catalog.text) AS bigint)";

    private static final String HORIZON =
            "SELECT CAST(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) AS pg_catalog.text),"
                    + " CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS pg_catalog.text)"
                    + " AS bigint)";
    private static final String POSITION =
            "SELECT CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint)";

    private final StepScope scope;
    private final BatchStep<C> step;
    private final Monitor monitor;
    private final StepJournal journal;
    private final PlanningWatch planning;
    private final Pacer pacer;
    /** Where the write-ahead log stood when the work before ended; 0 if a wait makes that meaningless. */
    private long walPosition;
    /** Transaction id before which all had ended when the latest batch was worked. */
    private Optional<Horizon> horizon = Optional.empty();

    BatchTransaction(StepScope scope, BatchStep<C> step, Monitor monitor, Pacer pacer) {
        this.scope = scope;
        this.step = step;
        this.monitor = monitor;
        this.journal = scope.journal();
        this.planning = new PlanningWatch(scope);
        this.pacer = pacer;
    }

    /**
     * A batch that is ready to be journalled, in a transaction that is open.
     *
     * @param xid of the transaction; empty if it wrote nothing
     * @param since transaction id before which all had ended when it began
     * @param work time it took
     * @param planning part of it that went into planning; empty if that was not looked at
     * @param gently whether it was worked in slices, so that its time tells nothing of sizes
     * @param seen what others did since the batch before
     * @param readyAt when it was ready, by System.nanoTime
     */
    record Worked<C extends Record>(
            Session session,
            Batch<C> batch,
            Optional<String> xid,
            String since,
            Duration work,
            Optional<Duration> planning,
            long walBytes,
            boolean gently,
            Pacer.Seen seen,
            long readyAt) {

        /** Whether it changed nothing and nothing comes after it, so that there is nothing to be journalled. */
        boolean onlyEnds() {
            return batch.last() && xid.isEmpty() && batch.done().equals(Totals.NONE);
        }
    }

    /**
     * A batch that was committed.
     *
     * @param overhead time since its work was done: until the batch before it was committed, and for its own journal and commit
     * @param commit time that the commit alone took
     */
    record Committed<C extends Record>(Worked<C> worked, Duration overhead, Duration commit) {
        Batch<C> batch() {
            return worked.batch();
        }

        Duration took() {
            return worked.work().plus(overhead);
        }
    }

    private record Seal(Optional<String> xid, long walPosition, Horizon horizon) {}

    /**
     * How far transaction ids had come.
     *
     * @param ended id before which all had ended
     * @param next the one after the highest that has ended
     * @param at System.nanoTime
     */
    private record Horizon(String ended, long next, long at) {
        static Horizon read(ResultSet row, int column) throws SQLException {
            return new Horizon(row.getString(column), row.getLong(column + 1), System.nanoTime());
        }
    }

    /** Does the work of one batch, rolled back if anything throws. */
    Worked<C> work(Session session, C from, long size) throws SQLException, IOException {
        Connection connection = session.connection();
        try {
            connection.setAutoCommit(false);
            monitor.takeOff(session);
            if (walPosition == 0) {
                walPosition = walPosition(connection);
            }
            Horizon since = horizon.isPresent() ? horizon.get() : horizon(connection);
            boolean gently = step.divides() && pacer.isGentle();
            if (gently) {
                withoutWorkers(connection);
            }
            long began = System.nanoTime();
            Batch<C> batch = gently ? slices(session, from, size, began) : step.next(session, from, size);
            Seal seal = seal(connection);
            step.makeDurable();
            Duration work = Duration.ofNanos(System.nanoTime() - began);
            Optional<Duration> planned = planning.look(step, session);
            monitor.land(session);
            long walBytes = Math.max(0, seal.walPosition() - walPosition);
            walPosition = seal.walPosition();
            horizon = Optional.of(seal.horizon());
            Pacer.Seen seen = new Pacer.Seen(
                    seal.horizon().next() - since.next(),
                    Duration.ofNanos(seal.horizon().at() - since.at()));
            return new Worked<>(
                    session,
                    batch,
                    seal.xid(),
                    since.ended(),
                    work,
                    planned,
                    walBytes,
                    gently,
                    seen,
                    System.nanoTime());
        } catch (SQLException | IOException | RuntimeException e) {
            monitor.land(session);
            rollback(session, e);
            throw e;
        }
    }

    /**
     * Small pieces with pauses, until they have taken the time of a batch, the step wants another transaction, or somebody waits
     * for a lock that this one holds.
     */
    private Batch<C> slices(Session session, C from, long most, long began) throws SQLException {
        long end = began + scope.control().tuning().batchTarget().toNanos();
        long sample = monitor.pressure().sample();
        Batch<C> batch = slice(session, from, most, true);
        long largest = batch.done().rowsDeleted();
        while (!batch.last()
                && !batch.searched()
                && step.mayOverlap(batch.next())
                && System.nanoTime() < end
                && batch.done().rowsDeleted() + 2 * largest <= scope.rowsLeft()
                && !waitedFor(sample)
                && scope.atBoundary().isEmpty()) {
            Batch<C> more = slice(session, batch.next(), most, false);
            largest = Math.max(largest, more.done().rowsDeleted());
            batch = batch.then(more);
            if (more.searched()) {
                return batch;
            }
        }
        return batch;
    }

    /** What looks at the whole table, as a step does at its end, leaves the other processors to others. */
    private static void withoutWorkers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL max_parallel_workers_per_gather = 0");
        }
    }

    private boolean waitedFor(long sample) {
        Pressure pressure = monitor.pressure();
        return pressure.sample() > sample && pressure.lockWaiters() > 0;
    }

    private Batch<C> slice(Session session, C from, long most, boolean first) throws SQLException {
        long began = System.nanoTime();
        long size = Math.min(most, pacer.slice());
        Batch<C> slice = first ? step.next(session, from, size) : step.more(session, from, size);
        long worked = System.nanoTime();
        if (!slice.searched()) {
            Waits.sleep(pacer.sliced(Duration.ofNanos(worked - began), slice.fill()));
            Duration paused = Duration.ofNanos(System.nanoTime() - worked);
            pacer.paused(paused);
            ThrottleSignal why = pacer.reason().map(Throttle.Brake::signal).orElse(ThrottleSignal.OTHERS_AT_WORK);
            scope.lease().heldBack(why, paused);
        }
        return slice;
    }

    /**
     * Journals and commits what was worked. If that fails it is still to be rolled back.
     *
     * @return empty if it is to be rolled back because the run ends
     */
    Optional<Committed<C>> settle(Worked<C> worked) throws SQLException {
        Connection connection = worked.session().connection();
        if (worked.onlyEnds()) {
            Duration commit = commit(connection);
            journal.worked(worked.walBytes(), worked.work());
            return Optional.of(committed(worked, commit));
        }
        boolean committing = false;
        try {
            scope.control().update(journal.begin(pending(worked)));
            scope.gate().beforeCommit(scope.run().id());
            scope.control().requireLease();
            if (scope.control().inFlight().isPresent()) {
                journal.didNotHappen();
                return Optional.empty();
            }
            committing = true;
            Duration commit = commit(connection);
            journal.happened();
            return Optional.of(committed(worked, commit));
        } catch (SQLException | RuntimeException e) {
            boolean inDoubt = committing && scope.failure(e).kind() == Failure.Kind.CONNECTION;
            if (!inDoubt) {
                journal.didNotHappen();
            }
            throw e;
        }
    }

    /** Tells of a batch whose planning was looked at. */
    void tellPlanning(Worked<C> worked) {
        worked.planning().ifPresent(measured -> planning.measured(measured, worked.work()));
    }

    private static Duration commit(Connection connection) throws SQLException {
        long began = System.nanoTime();
        connection.commit();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static <C extends Record> Committed<C> committed(Worked<C> worked, Duration commit) {
        return new Committed<>(worked, Duration.ofNanos(System.nanoTime() - worked.readyAt()), commit);
    }

    /** Undoes what was worked, or is left of it. */
    void rollback(Session session) throws SQLException {
        try {
            session.connection().rollback();
        } finally {
            step.discard();
        }
    }

    /** What was worked goes with its session. */
    void forget() {
        step.discard();
    }

    /**
     * Lets the step look ahead of the batch that is being worked, and waits for next to nothing: that batch holds its locks
     * until this is over. What goes wrong here goes wrong again where it matters.
     *
     * @param limit of each statement
     */
    void lookAhead(Session idle, long size, Duration limit) throws SQLException {
        monitor.takeOff(idle);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('lock_timeout', '10ms', true),"
                                    + " pg_catalog.set_config('statement_timeout', ?, true)",
                            limit.toMillis() + "ms")
                    .one(idle.connection(), row -> row.getString(1));
            step.lookAhead(idle, size);
        } catch (SQLException e) {
            LOG.debug("looking ahead failed: {}", e.getMessage());
        } finally {
            monitor.land(idle);
            idle.connection().rollback();
        }
    }

    /** There was a wait: what others wrote meanwhile is not ours. */
    void waited() {
        walPosition = 0;
    }

    private Pending pending(Worked<C> worked) {
        Batch<C> batch = worked.batch();
        return new Pending(
                "batch",
                worked.session().identity(),
                worked.xid(),
                Optional.of(worked.since()),
                Optional.of(Json.tree(batch.next())),
                batch.done().plus(measured(worked)),
                batch.fraction(),
                scope.clock().instant());
    }

    /** What only looked for work is no batch: a run that does nothing else makes no progress. */
    private static Totals measured(Worked<?> worked) {
        return worked.batch().searched()
                ? Totals.ofStatement(worked.walBytes(), worked.work())
                : Totals.ofBatch(worked.walBytes(), worked.work());
    }

    private void rollback(Session session, Exception cause) {
        try {
            rollback(session);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static Seal seal(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SEAL);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new Seal(Optional.ofNullable(row.getString(1)), row.getLong(2), Horizon.read(row, 3));
            }
        }
    }

    private static Horizon horizon(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HORIZON)) {
            row.next();
            return Horizon.read(row, 1);
        }
    }

    /** Bytes of write-ahead log that the server ever wrote. */
    static long walPosition(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(POSITION)) {
            row.next();
            return row.getLong(1);
        }
    }
}
