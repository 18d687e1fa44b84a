package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.engine.Seal.Horizon;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of a step's batches. Each has two halves: the step's work with deferred constraints; then what makes its
 * outside effects durable, the journal and the commit. The first half may run on another thread than the second one, and while
 * the batch before is in its second.
 *
 * @param <C> cursor of the step
 */
final class BatchTransaction<C extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(BatchTransaction.class);

    private final StepScope scope;
    private final BatchStep<C> step;
    private final Monitor monitor;
    private final StepJournal journal;
    private final PlanningWatch planning;
    private final Pacer pacer;
    private final Slices<C> slices;
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
        this.slices = new Slices<>(scope, step, monitor, pacer);
        step.breathing(slices);
    }

    /** Does the work of one batch, rolled back if anything throws. */
    Worked<C> work(Session session, C from, long size) throws SQLException {
        Connection connection = session.connection();
        try {
            connection.setAutoCommit(false);
            monitor.takeOff(session);
            Horizon since = begin(connection);
            boolean gently = step.divides() && pacer.isGentle();
            long began = System.nanoTime();
            Batch<C> batch = gently ? slices.work(session, from, size) : step.next(session, from, size);
            Seal seal = Seal.of(connection);
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
        } catch (SQLException | RuntimeException e) {
            monitor.land(session);
            rollback(session, e);
            throw e;
        }
    }

    /** How far transaction ids had come when the latest batch was worked, or now if there was none. */
    private Horizon begin(Connection connection) throws SQLException {
        if (walPosition == 0) {
            Seal before = Seal.before(connection);
            walPosition = before.walPosition();
            horizon = horizon.or(() -> Optional.of(before.horizon()));
        }
        return horizon.orElseThrow();
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
            step.makeDurable(worked.batch().next());
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
     * @param wanted whether that batch is still at work
     */
    void lookAhead(Session idle, long size, Duration limit, BooleanSupplier wanted) throws SQLException {
        monitor.takeOff(idle);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('lock_timeout', '10ms', true),"
                                    + " pg_catalog.set_config('statement_timeout', ?, true)",
                            limit.toMillis() + "ms")
                    .one(idle.connection(), row -> row.getString(1));
            step.lookAhead(idle, size, wanted);
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
}
