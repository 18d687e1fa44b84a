package dev.caretaker.server.run.engine;

import java.time.Duration;

/**
 * Tells whether others are at work at the server. Two things say so: transaction ids that others use up, which every batch
 * sees for nothing; and their sessions, as the monitor sees them. Transaction ids alone do not count where the role sees that no
 * session of others does anything: then they are autovacuum's, another run's or the control store's. Nothing here reads a clock.
 */
final class OthersAtWork {
    /** Transactions of others a second from which they count. */
    static final double AT_WORK = 10;

    /** Silence after which they count as gone. */
    private static final Duration GONE = Duration.ofSeconds(2);
    /** Looks in a row at which their sessions did something: who polls a figure every few seconds is no application. */
    private static final int SEEN = 2;
    /** Transactions that may be ours: of a batch and its journal, if the control store is on the same server. */
    private static final int OURS = 3;
    /** A shorter time says little of a rate. */
    private static final long SHORTEST_NANOS = 50_000_000;

    private static final double SMOOTHING = 0.3;

    private double perSecond = -1;
    private long transactions;
    private long nanos;
    private long sample;
    private int seen;
    private boolean visible;
    private long workedAt;
    private volatile boolean atWork;

    /** Before anything was done: a session that did something just now is an application's until it is seen to be none. */
    void begin(Pressure first, long now) {
        look(first);
        if (first.others().justNow() > 0) {
            work(now);
        }
    }

    /**
     * A batch was worked.
     *
     * @param used transaction ids that were used up meanwhile, ours among them
     * @param over in that time
     * @param now System.nanoTime
     */
    void batch(long used, Duration over, Pressure pressure, long now) {
        transactions += Math.max(0, used - OURS);
        nanos += over.toNanos();
        if (nanos >= SHORTEST_NANOS) {
            double rate = transactions * 1e9 / nanos;
            perSecond = perSecond < 0 ? rate : perSecond + SMOOTHING * (rate - perSecond);
            transactions = 0;
            nanos = 0;
        }
        look(pressure);
        boolean writing = perSecond >= AT_WORK && (!visible || seen > 0);
        if (writing || seen >= SEEN) {
            work(now);
        } else if (now - workedAt > GONE.toNanos()) {
            atWork = false;
        }
    }

    /** What is seen of their sessions, once a look. */
    void look(Pressure pressure) {
        if (pressure.sample() == sample) {
            return;
        }
        sample = pressure.sample();
        visible = !pressure.others().hidden();
        seen = pressure.others().active() > 0 ? seen + 1 : 0;
    }

    private void work(long now) {
        atWork = true;
        workedAt = now;
    }

    boolean atWork() {
        return atWork;
    }

    /** Transactions of others a second that write, about. */
    double perSecond() {
        return Math.max(0, perSecond);
    }
}
