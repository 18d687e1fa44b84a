package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.List;

/** Whether a run became slower as it went: batches keep their duration, so it is the time per row that tells. */
final class Slowdown {
    private static final int FEWEST_INTERVALS = 4;

    private Slowdown() {}

    /**
     * How far a step was at a time.
     *
     * @param seconds on any clock
     * @param rows done so far
     */
    record Point(double seconds, long rows) {}

    /**
     * Median time per row over the last third of the intervals between points, as a multiple of that over the first third.
     * NaN if there are too few.
     */
    static double of(List<Point> points) {
        List<Double> perRow = new ArrayList<>();
        for (int i = 1; i < points.size(); i++) {
            Point from = points.get(i - 1);
            Point to = points.get(i);
            if (to.rows() > from.rows()) {
                perRow.add((to.seconds() - from.seconds()) / (to.rows() - from.rows()));
            }
        }
        if (perRow.size() < FEWEST_INTERVALS) {
            return Double.NaN;
        }
        int third = Math.max(1, perRow.size() / 3);
        return Statistics.median(perRow.subList(perRow.size() - third, perRow.size()))
                / Statistics.median(perRow.subList(0, third));
    }
}
