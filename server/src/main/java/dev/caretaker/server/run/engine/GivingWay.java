package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.StatementStep;
import java.time.Duration;

/**
 * Watches that a statement that waits for ACCESS EXCLUSIVE without a lock timeout holds up those who queue behind it for no
 * longer than one with a lock timeout would. Begun, ended and asked by the run's own thread, judged by the monitor's.
 */
final class GivingWay {
    private final Duration lockTimeout;
    private volatile boolean mayQueue;
    private volatile boolean gaveWay;
    private long queueSince;

    /** @param lockTimeout longest that others may be held up */
    GivingWay(Duration lockTimeout) {
        this.lockTimeout = lockTimeout;
    }

    void begin(StatementStep.Statement statement) {
        gaveWay = false;
        mayQueue = statement.lockWait() == StatementStep.LockWait.DEADLINE;
    }

    void end() {
        mayQueue = false;
    }

    /** Whether the latest statement had to give way. */
    boolean gaveWay() {
        return gaveWay;
    }

    /** A quarter of what others may be held up: with it, and half of it as patience, they never are for longer. */
    Duration sampleInterval() {
        return mayQueue ? lockTimeout.dividedBy(4) : Monitor.SAMPLE_INTERVAL;
    }

    /** Whether the statement has to give way now. */
    boolean isDue(Pressure pressure) {
        boolean queues = mayQueue && pressure.exclusiveWait() && pressure.lockWaiters() > 0;
        if (!queues) {
            queueSince = 0;
            return false;
        }
        if (queueSince == 0) {
            queueSince = System.nanoTime();
        }
        gaveWay = System.nanoTime() - queueSince > lockTimeout.dividedBy(2).toNanos();
        return gaveWay;
    }
}
