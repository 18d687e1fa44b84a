package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the work of a batch costs whatever its size, such as planning its statements: where the line through the latest batches'
 * sizes and times, weighted by how recent they are, meets size zero. Batches of one size say nothing of that; then what was known
 * is forgotten slowly. It is never more than the shortest of the latest batches took.
 */
final class FixedCosts {
    private static final double FADING = 0.8;
    /** Of what is not confirmed: a belief in costs that are gone would keep batches at a size at which nothing is learned. */
    private static final double FORGETTING = 0.95;

    private static final int LATEST = 4;
    /** Standard deviation of sizes, as a share of their mean, from which they say something. */
    private static final double SPREAD = 0.1;

    private final Deque<Double> latest = new ArrayDeque<>();
    private double weight;
    private double sizes;
    private double times;
    private double squares;
    private double products;
    private double nanos;
    private long known;

    /** A batch was worked. */
    void batch(long size, Duration work) {
        double time = work.toNanos();
        latest.addLast(time);
        if (latest.size() > LATEST) {
            latest.removeFirst();
        }
        weight = weight * FADING + 1;
        sizes = sizes * FADING + size;
        times = times * FADING + time;
        squares = squares * FADING + (double) size * size;
        products = products * FADING + size * time;
        nanos = Math.clamp(atSizeZero(), 0, shortest());
    }

    /** A part of them was measured by itself. */
    void measured(Duration part) {
        known = part.toNanos();
    }

    Duration get() {
        return Duration.ofNanos((long) Math.max(nanos, Math.min(known, shortest())));
    }

    /** Whether the latest batches differ enough in size to tell. */
    boolean tells() {
        double enough = SPREAD * sizes / weight;
        return variance() > enough * enough;
    }

    private double variance() {
        double meanSize = sizes / weight;
        return squares / weight - meanSize * meanSize;
    }

    private double atSizeZero() {
        if (!tells()) {
            return nanos * FORGETTING;
        }
        double meanSize = sizes / weight;
        double meanTime = times / weight;
        double perUnit = Math.max(0, (products / weight - meanSize * meanTime) / variance());
        return meanTime - perUnit * meanSize;
    }

    private double shortest() {
        return latest.stream().mapToDouble(time -> time).min().orElse(0);
    }
}
