package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether batches are worked gently, and how gently. The commits of others wait for the log that ours write, and their
 * statements for our processor time; so a gentle batch is cut into slices of about {@link #SLICE} with a pause after each, all
 * in one transaction of the usual length. The journal costs what it always does, and the log flows evenly.
 *
 * <p>The share of the time that is worked goes up in small steps and down by a factor, as TCP's window does (Chiu and Jain, 1989):
 * down when others are seen waiting for the log, or our own commits take a multiple of what they take at quiet times. Others are
 * at work if they complete transactions, by the server's transaction ids, or if their sessions are seen active again and again.
 * Nothing here waits or reads a clock.
 */
final class Pacer {
    /** Work between two pauses: what others wait for in a row. */
    static final Duration SLICE = Duration.ofMillis(3);
    /** Transactions of others a second from which they count. */
    static final double AT_WORK = 10;
    /** Sessions of others that wait for the log, on average, from which we take less. */
    static final double LOG_WAITERS = 2;

    /** Silence after which they count as gone. */
    private static final Duration GONE = Duration.ofSeconds(2);
    /** Looks in a row at which their sessions were active. */
    private static final int SEEN = 2;
    /** Transactions that may be ours: of a batch and its journal, if the control store is on the same server. */
    private static final int OURS = 3;

    private static final double MOST_BESIDE = 0.5;
    private static final double MOST_POLITE = 0.25;
    private static final double LEAST = 0.2;
    private static final double UP = 0.02;
    private static final double DOWN = 0.6;
    private static final double SMOOTHING = 0.3;
    /** Commits of ours that take so many times their quiet time tell that the log is behind. */
    private static final double SLOW_COMMIT = 3;

    private static final Duration NOTABLE_COMMIT = Duration.ofMillis(30);
    private static final int FIRST_SLICES = 8;

    private final BatchSizing bounds;
    private Pace pace = Pace.ADAPTIVE;
    private long slice;
    private double share = MOST_BESIDE;
    private double perSecond = -1;
    private double logWaiters;
    private double quietCommit;
    private long sample;
    private int seen;
    private long workedAt;
    private boolean others;
    private Optional<Throttle.Brake> reason = Optional.empty();
    private Duration pause = Duration.ZERO;

    Pacer(BatchSizing bounds) {
        this.bounds = bounds;
        this.slice = clamp(bounds.initial() / FIRST_SLICES);
    }

    /** What was seen while a batch was worked. */
    record Seen(long transactions, Duration over) {}

    void tuned(Tuning tuning) {
        pace = tuning.pace();
    }

    /** Whether the next batch is to be worked in slices, with nothing beside it. */
    boolean isGentle() {
        return pace == Pace.POLITE || pace == Pace.ADAPTIVE && others;
    }

    /** Size of the next slice, in the step's unit. */
    long slice() {
        return slice;
    }

    /**
     * A slice was worked.
     *
     * @return how long to pause after it
     */
    Duration sliced(Duration took) {
        double r = Math.clamp((double) SLICE.toNanos() / Math.max(1, took.toNanos()), 0.5, 2);
        slice = clamp(r > 1 ? (long) Math.ceil(slice * r) : (long) (slice * r));
        double worked = Math.min(share, pace == Pace.POLITE ? MOST_POLITE : MOST_BESIDE);
        pause = Duration.ofNanos((long) (took.toNanos() * (1 - worked) / worked));
        return pause;
    }

    /** A slice took far too long. */
    void brokenOff() {
        slice = clamp(slice / 8);
    }

    /**
     * A batch was committed.
     *
     * @param overhead its journal and commit
     * @param now System.nanoTime
     */
    void batch(Seen seenNow, Duration overhead, Pressure pressure, long now) {
        double rate = Math.max(0, seenNow.transactions() - OURS)
                / Math.max(1e-3, seenNow.over().toNanos() / 1e9);
        perSecond = perSecond < 0 ? rate : perSecond + SMOOTHING * (rate - perSecond);
        look(pressure);
        if (perSecond >= AT_WORK || seen >= SEEN) {
            others = true;
            workedAt = now;
        } else if (now - workedAt > GONE.toNanos()) {
            others = false;
        }
        steer(overhead);
    }

    private void look(Pressure pressure) {
        if (pressure.sample() == sample) {
            return;
        }
        sample = pressure.sample();
        seen = pressure.othersActive() > 0 ? seen + 1 : 0;
        logWaiters += SMOOTHING * (pressure.logWaiters() - logWaiters);
    }

    private void steer(Duration overhead) {
        double commit = overhead.toNanos();
        quietCommit = quietCommit == 0 ? commit : Math.min(quietCommit * 1.01, commit);
        double slow = Math.max(quietCommit * SLOW_COMMIT, NOTABLE_COMMIT.toNanos());
        if (!isGentle()) {
            reason = Optional.empty();
            return;
        }
        if (logWaiters >= LOG_WAITERS) {
            less(ThrottleSignal.LOG_WAITERS, logWaiters, LOG_WAITERS);
        } else if (commit > slow) {
            less(ThrottleSignal.COMMIT_TIME, commit / 1e6, slow / 1e6);
        } else {
            share = Math.min(MOST_BESIDE, share + UP);
            reason = others
                    ? Optional.of(new Throttle.Brake(
                            ThrottleSignal.OTHERS_AT_WORK, Math.max(perSecond, seen > 0 ? 1 : 0), AT_WORK, pause))
                    : Optional.empty();
        }
    }

    private void less(ThrottleSignal signal, double value, double threshold) {
        share = Math.max(LEAST, share * DOWN);
        reason = Optional.of(new Throttle.Brake(signal, value, threshold, pause));
    }

    /** Why the latest batch was worked gently, and the pause after each slice; empty if it was not, or is to be always. */
    Optional<Throttle.Brake> reason() {
        return reason;
    }

    /** Share of the time that is worked, 0 to 1. */
    double share() {
        return share;
    }

    private long clamp(long wanted) {
        return Math.clamp(wanted, bounds.minimum(), bounds.maximum());
    }
}
