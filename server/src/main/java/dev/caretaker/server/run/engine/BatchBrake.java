package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Waits between two batches for as long as the throttle says, tells why, and keeps the session alive meanwhile. */
final class BatchBrake {
    /** The same signal is told again after this. */
    private static final Duration REPEAT = Duration.ofSeconds(5);
    /** A wait of at least this is worth a state of its own. */
    private static final Duration WORTH_A_STATE = Duration.ofSeconds(1);
    /** For so long news may wait for the next batch. */
    private static final Duration SOON = Duration.ofMillis(200);
    /** Silence after which the session is used, so that idle_session_timeout does not end it. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final StepScope scope;
    private final Session session;
    private final Monitor monitor;
    private final BatchSizer sizer;
    private final Throttle throttle = new Throttle(System.nanoTime());
    private ThrottleSignal told;
    private long toldAt;
    private boolean blindnessTold;
    private boolean darknessTold;

    BatchBrake(StepScope scope, Session session, Monitor monitor, BatchSizer sizer) {
        this.scope = scope;
        this.session = session;
        this.monitor = monitor;
        this.sizer = sizer;
    }

    /** A batch was committed. */
    void account(Committed<?> done) {
        throttle.batch(
                scope.control().tuning(),
                done.took(),
                done.batch().done().rowsDone(),
                done.worked().walBytes(),
                System.nanoTime());
    }

    /** Whether nothing holds batches back, now or after the batch that is on its way. */
    boolean isFree() {
        Tuning tuning = scope.control().tuning();
        return tuning.isUncapped()
                && throttle.brake(tuning, monitor.pressure(), System.nanoTime()).isEmpty();
    }

    /**
     * Waits after a batch until the next may begin or the run is to stop.
     *
     * @return whether it waited at all
     */
    boolean hold() throws SQLException {
        long usedAt = System.nanoTime();
        boolean waited = false;
        for (Optional<Throttle.Brake> brake = brake(); brake.isPresent(); brake = brake()) {
            waited = true;
            tell(brake.get());
            if (brake.get().pause().compareTo(SOON) >= 0) {
                scope.lease().flush();
            }
            Duration slice = brake.get().pause().compareTo(scope.config().watchInterval()) < 0
                    ? brake.get().pause()
                    : scope.config().watchInterval();
            long began = System.nanoTime();
            Waits.sleep(slice);
            scope.lease().heldBack(brake.get().signal(), Duration.ofNanos(System.nanoTime() - began));
            if (scope.atBoundary().isPresent()) {
                return true;
            }
            if (System.nanoTime() - usedAt > KEEP_ALIVE.toNanos()) {
                Sql.of("SELECT 1").one(session.connection(), row -> row.getInt(1));
                session.connection().commit();
                usedAt = System.nanoTime();
            }
        }
        if (scope.lease().state() == RunState.THROTTLED) {
            scope.running("Nothing holds it back any more.");
        }
        return waited;
    }

    private Optional<Throttle.Brake> brake() {
        Pressure pressure = monitor.pressure();
        warnIfBlind(pressure);
        Optional<Throttle.Brake> brake = throttle.brake(scope.control().tuning(), pressure, System.nanoTime());
        if (brake.isPresent() && brake.get().signal() == ThrottleSignal.LOCK_WAITERS) {
            sizer.shrink();
            tell(brake.get());
            long began = System.nanoTime();
            scope.pause(brake.get().pause());
            scope.lease().heldBack(brake.get().signal(), Duration.ofNanos(System.nanoTime() - began));
            throttle.gaveWay(pressure);
            return throttle.brake(scope.control().tuning(), monitor.pressure(), System.nanoTime());
        }
        return brake;
    }

    /** Tells why batches are worked gently, as of a wait; and once, if the role sees too little of others to know it well. */
    void tellGentle(Throttle.Brake brake) {
        tell(brake);
        Pressure pressure = monitor.pressure();
        if (pressure.others().hidden() && !darknessTold) {
            darknessTold = true;
            tellBlind(scope);
        }
    }

    /** The role sees too little of others. */
    static void tellBlind(StepScope scope) {
        scope.warn(
                "PACE_SEES_LITTLE",
                "The role may not see what other sessions do and wait for, so the pace goes by their transaction ids"
                        + " and by our own commits; grant it pg_monitor (from PostgreSQL 16 on WITH INHERIT TRUE).",
                Map.of("target", scope.run().target()));
    }

    private void tell(Throttle.Brake brake) {
        if (brake.pause().compareTo(WORTH_A_STATE) >= 0) {
            scope.lease().state(RunState.THROTTLED, "Held back by " + brake.signal() + ".", Optional.empty());
        }
        long now = System.nanoTime();
        if (brake.signal() == told && now - toldAt < REPEAT.toNanos()) {
            return;
        }
        told = brake.signal();
        toldAt = now;
        scope.lease().event(new RunEvent.Throttled(brake.signal(), brake.value(), brake.threshold(), brake.pause()));
    }

    private void warnIfBlind(Pressure pressure) {
        if (pressure.lagUnreadable()
                && !blindnessTold
                && scope.control().tuning().maxReplicationLagBytes() > 0) {
            blindnessTold = true;
            scope.warn(
                    "REPLICATION_LAG_UNREADABLE",
                    "The role may not see how far standbys are behind; grant it pg_monitor (from PostgreSQL 16 on WITH"
                            + " INHERIT TRUE).",
                    Map.of("target", scope.run().target()));
        }
    }
}
