package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether batches are worked gently, and how gently. The commits of others wait for the log that ours write, and their
 * statements for our processor time; so a gentle batch is cut into slices with a pause after each, all in one transaction of the
 * usual length. The journal costs what it always does, and the log flows evenly. A slice is sized by what its rows take: what it
 * costs whatever its size (planning, round trips) would otherwise make it ever smaller.
 *
 * <p>The share of the time that is worked goes up in small steps and down by a factor, as TCP's window does (Chiu and Jain,
 * 1989). Nothing here waits or reads a clock.
 */
final class Pacer {
    /** Time of a slice: what others wait for in a row. */
    static final Duration SLICE = Duration.ofMillis(4);
    /** Log of a slice, in bytes: behind a checkpoint a few hundred rows make as much, and others wait until it is on the disk. */
    static final long SLICE_LOG = 256 << 10;
    /** Log that a standby has not yet on its disk, from which we take less. */
    static final long UNFLUSHED = 64L << 20;

    /** Of shares and slices, these were measured to serve best beside 400 transactions a second, see {@code bench beside}. */
    private static final double MOST_BESIDE = 0.65;

    private static final double MOST_POLITE = 0.25;
    private static final double LEAST = 0.2;
    private static final double UP = 0.02;
    private static final double DOWN = 0.7;
    private static final double SMOOTHING = 0.2;
    /** What was changed must show before more is changed. */
    private static final long PATIENCE_NANOS = 500_000_000;
    /** A mean wait for the log that nobody complains of, of others or of ours. */
    private static final double USUAL_WAIT_NANOS = 3e6;
    /** So much longer than at the best of times may it be. */
    private static final double SLOW = 2.5;
    /** By which the best of times is forgotten, with each batch: disks have moods. */
    private static final double FORGETTING = 1.005;

    /** Rows with which slices begin, and below which they cost more than they spare, however busy the server is. */
    private static final long LEAST_SLICE = 100;
    /** Longest pause: where everything is slow, many slices with long pauses would take for ever. */
    private static final double MOST_PAUSE_NANOS = 40e6;

    private final OthersAtWork others = new OthersAtWork();
    private final BatchSizer slices;
    private volatile Tuning tuning = Tuning.DEFAULT;
    private double share = MOST_BESIDE;
    private double logWaiters;
    private double commitNanos;
    private double quietNanos;
    private volatile boolean lagging;
    private long sample;
    private long lessAt;
    private double owed;
    /** Sizes of the slices since the latest batch, and the log that a unit of these made in the one before. */
    private long sliced;

    private double logPerUnit;
    private Duration pause = Duration.ZERO;
    private Optional<Throttle.Brake> reason = Optional.empty();

    Pacer(BatchSizing bounds) {
        long least = Math.max(bounds.minimum(), Math.min(LEAST_SLICE, bounds.initial()));
        BatchSizing sizes = new BatchSizing(least, least, bounds.maximum());
        this.slices = new BatchSizer(sizes, least, Duration.ZERO, SLICE_LOG);
    }

    /** Transaction ids that were used up, and in what time. */
    record Seen(long transactions, Duration over) {}

    void tuned(Tuning now) {
        tuning = now;
    }

    /** What is seen before the first batch. */
    void begin(Pressure first, long now) {
        others.begin(first, now);
    }

    /** Whether the next batch is to be worked in slices, with nothing beside it. */
    boolean isGentle() {
        return tuning.pace() == Pace.POLITE || tuning.pace() == Pace.ADAPTIVE && (others.atWork() || lagging);
    }

    /**
     * Whether two batches may be at work at once. Not beside others, at whatever pace: it was measured to gain nothing where
     * others use the processors, too, and to make them wait longer.
     */
    boolean mayOverlap() {
        return !isGentle() && !others.atWork();
    }

    /** Size of the next slice, in the step's unit. */
    long slice() {
        return slices.size();
    }

    /**
     * A slice was worked.
     *
     * @param fill share of it that held work
     * @return how long to pause after it
     */
    Duration sliced(Duration took, double fill) {
        sliced += slices.size();
        slices.worked(SLICE, took, (long) (slices.size() * logPerUnit), fill);
        return read(took);
    }

    /**
     * Something was read for so long, whatever its size.
     *
     * @return how long to pause after it
     */
    Duration read(Duration took) {
        double worked = Math.min(share, tuning.pace() == Pace.POLITE ? MOST_POLITE : MOST_BESIDE);
        owed = Math.clamp(owed + took.toNanos() * (1 - worked) / worked, 0, MOST_PAUSE_NANOS);
        pause = Duration.ofNanos((long) owed);
        return pause;
    }

    /** The pause took so long: sleeps are not exact. */
    void paused(Duration took) {
        owed = Math.max(-SLICE.toNanos(), owed - took.toNanos());
    }

    /** A slice took far too long. */
    void brokenOff() {
        slices.brokenOff();
    }

    /**
     * A batch was committed.
     *
     * @param commit time that the commit alone took
     * @param walBytes log that was written meanwhile, nearly all of it ours
     * @param now System.nanoTime
     */
    void batch(Seen seen, Duration commit, long walBytes, Pressure pressure, long now) {
        if (sliced > 0) {
            logPerUnit = (double) walBytes / sliced;
            sliced = 0;
        }
        others.batch(seen.transactions(), seen.over(), pressure, now);
        boolean looked = pressure.sample() != sample;
        sample = pressure.sample();
        if (looked) {
            logWaiters += SMOOTHING * (pressure.others().logWaiters() - logWaiters);
            lagging = pressure.unflushedBytes() > (lagging ? UNFLUSHED / 2 : UNFLUSHED);
        }
        if (isGentle()) {
            double nanos = commit.toNanos();
            commitNanos = commitNanos == 0 ? nanos : commitNanos + SMOOTHING * (nanos - commitNanos);
            quietNanos = quietNanos == 0 ? nanos : Math.min(quietNanos * FORGETTING, commitNanos);
        }
        Optional<Throttle.Brake> harm = isGentle() ? harm(pressure, looked) : Optional.empty();
        if (harm.isEmpty()) {
            share = Math.min(MOST_BESIDE, share + UP);
        } else if (now - lessAt >= PATIENCE_NANOS) {
            share = Math.max(LEAST, share * DOWN);
            lessAt = now;
        }
        reason = harm.or(() -> others.atWork() && tuning.pace() == Pace.ADAPTIVE
                ? Optional.of(new Throttle.Brake(
                        ThrottleSignal.OTHERS_AT_WORK, others.perSecond(), OthersAtWork.AT_WORK, pause))
                : Optional.empty());
    }

    /** What others feel of us, with its value and what is too much of it. */
    private Optional<Throttle.Brake> harm(Pressure pressure, boolean looked) {
        double longest = Math.max(USUAL_WAIT_NANOS, quietNanos * SLOW);
        double logWaitersLimit = Math.max(1, others.perSecond() * longest / 1e9);
        boolean locks = looked && tuning.maxLockWaiters() > 0 && pressure.lockWaiters() >= tuning.maxLockWaiters();
        if (locks) {
            return harm(ThrottleSignal.LOCK_WAITERS, pressure.lockWaiters(), tuning.maxLockWaiters());
        } else if (lagging) {
            return harm(ThrottleSignal.REPLICATION_LAG, pressure.unflushedBytes(), UNFLUSHED);
        } else if (logWaiters > logWaitersLimit) {
            return harm(ThrottleSignal.LOG_WAITERS, logWaiters, logWaitersLimit);
        } else if (commitNanos > longest) {
            return harm(ThrottleSignal.COMMIT_TIME, commitNanos / 1e6, longest / 1e6);
        }
        return Optional.empty();
    }

    private Optional<Throttle.Brake> harm(ThrottleSignal signal, double value, double limit) {
        return Optional.of(new Throttle.Brake(signal, value, limit, pause));
    }

    /** Why the latest batch was worked gently, and the pause after each slice; empty if it was not, or is to be always. */
    Optional<Throttle.Brake> reason() {
        return reason;
    }

    /** Share of the time that is worked, 0 to 1. */
    double share() {
        return share;
    }
}
