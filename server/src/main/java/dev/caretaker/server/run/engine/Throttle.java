package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides how long to wait between two batches, and says why. Caps are leaky buckets: what a batch took is owed, and the
 * debt flows off at the capped rate, so that a change of the cap counts at once. Nothing here waits or reads a clock.
 */
final class Throttle {
    /** A signal that is read from outside is looked at again after this. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    private double rowsOwed;
    private double walOwed;
    private double pauseOwed;
    private long settledAt;
    private Duration lastBatch = Duration.ZERO;
    private double rowsPerSecond;
    private double walPerSecond;
    private long samplesSeen;

    Throttle(long now) {
        this.settledAt = now;
    }

    /** A reason to wait, its value and threshold in the signal's unit, and how long. */
    record Brake(ThrottleSignal signal, double value, double threshold, Duration pause) {}

    /** A batch was committed. */
    void batch(Tuning tuning, Duration took, long rows, long walBytes, long now) {
        // Owed from the batch's begin: the cap is for work and waits together.
        rowsOwed += rows;
        walOwed += walBytes;
        flowOff(tuning, now);
        lastBatch = took;
        double seconds = Math.max(1e-3, took.toNanos() / 1e9);
        rowsPerSecond = rows / seconds;
        walPerSecond = walBytes / seconds;
        pauseOwed = 1;
    }

    /**
     * The reason that holds the next batch back longest; empty if it may begin.
     *
     * @param now System.nanoTime
     */
    Optional<Brake> brake(Tuning tuning, Pressure pressure, long now) {
        flowOff(tuning, now);
        return Stream.of(
                        owed(ThrottleSignal.ROWS_PER_SECOND, rowsPerSecond, rowsOwed, tuning.maxRowsPerSecond()),
                        owed(ThrottleSignal.WAL_BUDGET, walPerSecond, walOwed, tuning.maxWalBytesPerSecond()),
                        pauseRatio(tuning),
                        lag(tuning, pressure),
                        waiters(tuning, pressure))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Brake::pause));
    }

    /** The lock waiters of this look were given way to. */
    void gaveWay(Pressure pressure) {
        samplesSeen = pressure.sample();
    }

    private void flowOff(Tuning tuning, long now) {
        double seconds = (now - settledAt) / 1e9;
        settledAt = now;
        rowsOwed = flow(rowsOwed, tuning.maxRowsPerSecond(), seconds);
        walOwed = flow(walOwed, tuning.maxWalBytesPerSecond(), seconds);
        double pause = tuning.pauseRatio() * lastBatch.toNanos() / 1e9;
        pauseOwed = pause == 0 ? 0 : Math.max(0, pauseOwed - seconds / pause);
    }

    private static double flow(double owed, long perSecond, double seconds) {
        return perSecond == 0 ? 0 : Math.max(0, owed - perSecond * seconds);
    }

    private static Optional<Brake> owed(ThrottleSignal signal, double rate, double owed, long perSecond) {
        if (perSecond == 0 || owed <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Brake(signal, rate, perSecond, seconds(owed / perSecond)));
    }

    private Optional<Brake> pauseRatio(Tuning tuning) {
        double pause = pauseOwed * tuning.pauseRatio() * lastBatch.toNanos() / 1e9;
        return pause <= 0
                ? Optional.empty()
                : Optional.of(new Brake(
                        ThrottleSignal.PAUSE_RATIO, tuning.pauseRatio(), tuning.pauseRatio(), seconds(pause)));
    }

    private static Optional<Brake> lag(Tuning tuning, Pressure pressure) {
        long threshold = tuning.maxReplicationLagBytes();
        return threshold == 0 || pressure.lagBytes() <= threshold
                ? Optional.empty()
                : Optional.of(new Brake(ThrottleSignal.REPLICATION_LAG, pressure.lagBytes(), threshold, HOLD));
    }

    private Optional<Brake> waiters(Tuning tuning, Pressure pressure) {
        int threshold = tuning.maxLockWaiters();
        boolean waited = threshold > 0 && pressure.lockWaiters() >= threshold && pressure.sample() > samplesSeen;
        return waited
                ? Optional.of(new Brake(ThrottleSignal.LOCK_WAITERS, pressure.lockWaiters(), threshold, HOLD))
                : Optional.empty();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) Math.min(seconds * 1e9, Long.MAX_VALUE / 2.0));
    }
}
