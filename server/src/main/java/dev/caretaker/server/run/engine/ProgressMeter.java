package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Speed and remaining time of a step, from what happened over the last {@link #WINDOW}. Waits count as they come. */
final class ProgressMeter {
    static final Duration WINDOW = Duration.ofSeconds(15);
    /** Expected rows are an estimate: a step that outdoes them is not at its end. */
    private static final double MOST_GUESSED = 0.99;

    private final long rowsExpected;
    private final Deque<Point> points = new ArrayDeque<>();
    private double fraction;

    ProgressMeter(long rowsExpected, double fraction, long rowsDone, long now) {
        this.rowsExpected = rowsExpected;
        this.fraction = fraction;
        points.add(new Point(now, rowsDone, fraction));
    }

    private record Point(long at, long rows, double fraction) {}

    /**
     * Work was done.
     *
     * @param told share as told by the step; negative if unknown
     * @param now System.nanoTime
     */
    void at(long rowsDone, double told, long now) {
        double share =
                told >= 0 ? told : rowsExpected > 0 ? Math.min(MOST_GUESSED, (double) rowsDone / rowsExpected) : 0;
        fraction = Math.max(fraction, Math.clamp(share, 0, 1));
        points.add(new Point(now, rowsDone, fraction));
        while (points.size() > 2 && now - points.peekFirst().at() > WINDOW.toNanos()) {
            points.removeFirst();
        }
    }

    /** Never goes backwards. */
    double fraction() {
        return fraction;
    }

    double rowsPerSecond() {
        return (points.peekLast().rows() - points.peekFirst().rows()) / seconds();
    }

    /** Expected time to the end; empty while nothing moves. */
    Optional<Duration> eta() {
        double perSecond = (points.peekLast().fraction() - points.peekFirst().fraction()) / seconds();
        if (perSecond <= 0) {
            return Optional.empty();
        }
        double seconds = (1 - fraction) / perSecond;
        return seconds > Duration.ofDays(365).toSeconds()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
    }

    private double seconds() {
        return Math.max(1e-3, (points.peekLast().at() - points.peekFirst().at()) / 1e9);
    }
}
