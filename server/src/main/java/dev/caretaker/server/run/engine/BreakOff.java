package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when a batch has taken so much longer than it should that it is better broken off, rolled back and tried with less:
 * the rows it works on cost more than those before, and all it has locked waits. Not while it waits for a lock, which others
 * bound. After {@value #IN_A_ROW} in a row, and for a batch that cannot be smaller, it lets the batch end.
 */
final class BreakOff {
    /** Multiple of the wanted time. */
    static final int TOO_LONG = 5;

    private static final int IN_A_ROW = 3;

    private final LongSupplier sizedSince;
    private volatile int inARow;
    private volatile boolean smallest;
    private volatile Duration fixed = Duration.ZERO;
    private volatile boolean decided;
    private long lateSince;
    private long lateSample;

    /** @param sizedSince what {@link dev.caretaker.server.run.BatchStep#sizedSince} tells */
    BreakOff(LongSupplier sizedSince) {
        this.sizedSince = sizedSince;
    }

    /**
     * Asked again and again by the monitor while a batch is at work.
     *
     * @param target time the batch should take
     * @param now System.nanoTime
     */
    boolean isDue(Duration target, Pressure pressure, long now) {
        long since = sizedSince.getAsLong();
        Duration limit = target.multipliedBy(TOO_LONG).plus(fixed.multipliedBy(2));
        if (since == 0 || smallest || inARow >= IN_A_ROW || now - since < limit.toNanos()) {
            return false;
        }
        if (since != lateSince) {
            lateSince = since;
            lateSample = pressure.sample();
        }
        // What a look from before tells of locks says nothing of this batch.
        boolean seen = pressure.sample() > lateSample;
        decided = seen && pressure.holders().isEmpty();
        return decided;
    }

    /** Whether the latest batch was broken off for this; asked once for each that failed. */
    boolean happened() {
        boolean happened = decided;
        decided = false;
        inARow = happened ? inARow + 1 : inARow;
        return happened;
    }

    /** A batch was worked to its end. */
    void worked() {
        inARow = 0;
        decided = false;
    }

    /**
     * What is known of the next batch.
     *
     * @param isSmallest whether it could not be smaller
     * @param fixedCosts part of its time that does not depend on its size
     */
    void next(boolean isSmallest, Duration fixedCosts) {
        smallest = isSmallest;
        fixed = fixedCosts;
    }
}
