package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Breather;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.target.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Works a batch gently: in small pieces with a pause after each, all in one transaction.
 *
 * @param <C> cursor of the step
 */
final class Slices<C extends Record> implements Breather {
    private final StepScope scope;
    private final BatchStep<C> step;
    private final Monitor monitor;
    private final Pacer pacer;

    Slices(StepScope scope, BatchStep<C> step, Monitor monitor, Pacer pacer) {
        this.scope = scope;
        this.step = step;
        this.monitor = monitor;
        this.pacer = pacer;
    }

    /**
     * Until the pieces have taken the time of a batch, the step wants another transaction, or somebody waits for a lock that this one
     * holds.
     *
     * @param most of the whole batch, in the step's unit
     */
    Batch<C> work(Session session, C from, long most) throws SQLException {
        withoutWorkers(session.connection());
        long end = System.nanoTime() + scope.control().tuning().batchTarget().toNanos();
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
        Duration worked = Duration.ofNanos(System.nanoTime() - began);
        pause(slice.searched() ? pacer.read(worked) : pacer.sliced(worked, slice.fill()));
        return slice;
    }

    private void pause(Duration wanted) {
        long began = System.nanoTime();
        Waits.sleep(wanted);
        Duration paused = Duration.ofNanos(System.nanoTime() - began);
        pacer.paused(paused);
        ThrottleSignal why = pacer.reason().map(Throttle.Brake::signal).orElse(ThrottleSignal.OTHERS_AT_WORK);
        scope.lease().heldBack(why, paused);
    }

    @Override
    public boolean isGentle() {
        return pacer.isGentle();
    }

    @Override
    public boolean rest(Duration worked) {
        pause(pacer.read(worked));
        return scope.atBoundary().isEmpty();
    }
}
