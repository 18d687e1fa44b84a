package dev.caretaker.server.partition.upkeep.step;

import java.time.Duration;

/**
 * How many partitions one transaction makes: one at first, then as many as are made within {@link #LONGEST}, because writes of
 * referenced tables and inserts into the default partition wait that long.
 */
final class Chunk {
    private static final Duration LONGEST = Duration.ofMillis(50);
    private static final int MOST = 16;

    private int size = 1;
    private long began;

    /** As many as may be made in the next transaction. */
    int most() {
        return size;
    }

    /** The locks are about to be taken. */
    void begins() {
        began = System.nanoTime();
    }

    /** It was committed. */
    void made(int count) {
        long each = Math.max(1, (System.nanoTime() - began) / count);
        long fit = LONGEST.toNanos() / each;
        size = (int) Math.clamp(fit, 1, Math.min(MOST, 2L * count));
    }

    /** It was rolled back. */
    void failed() {
        size = 1;
    }
}
