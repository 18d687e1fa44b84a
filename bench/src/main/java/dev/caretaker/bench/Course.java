package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a run went along, as seen a few times a second: its speed, and the memory of Caretaker's server.
 *
 * @param points in the order of time
 */
record Course(List<Point> points) {
    static final Course NONE = new Course(List.of());

    private static final int FEWEST_INTERVALS = 4;
    private static final int PARTS = 10;
    /** With fewer, a part is hardly longer than the time between two looks. */
    private static final int FEWEST_FOR_PARTS = 3 * PARTS;

    /**
     * How far a run was at a time.
     *
     * @param seconds on any clock
     * @param rows done so far
     * @param residentBytes memory that the server had resident; empty where the system does not tell
     */
    record Point(double seconds, long rows, OptionalLong residentBytes) {}

    /** Memory when the run began and when it ended, and the most in between, in bytes. */
    record Resident(long first, long last, long most) {}

    /**
     * Median time per row over the last third of the intervals between points, as a multiple of that over the first third.
     * NaN if there are too few.
     */
    double slowdown() {
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

    /** Rows a second in each tenth of the rows; empty if that was over too soon to tell. */
    List<Double> rates() {
        List<Point> moving = steps();
        if (moving.size() < FEWEST_FOR_PARTS) {
            return List.of();
        }
        double first = moving.getFirst().rows();
        double rows = moving.getLast().rows() - first;
        List<Double> rates = new ArrayList<>();
        double before = moving.getFirst().seconds();
        for (int part = 1; part <= PARTS; part++) {
            double at = secondsAt(moving, first + rows * part / PARTS);
            rates.add(rows / PARTS / (at - before));
            before = at;
        }
        return rates;
    }

    /** Rate of the last tenth of the rows, of that of the first; NaN if that was over too soon to tell. */
    double lateRate() {
        List<Double> rates = rates();
        return rates.isEmpty() ? Double.NaN : rates.getLast() / rates.getFirst();
    }

    /** Memory at the beginning, at the end and at most; all 0 if nobody told. */
    Resident resident() {
        List<Long> seen = points.stream()
                .flatMap(point -> point.residentBytes().stream().boxed())
                .toList();
        return seen.isEmpty()
                ? new Resident(0, 0, 0)
                : new Resident(
                        seen.getFirst(),
                        seen.getLast(),
                        seen.stream().mapToLong(bytes -> bytes).max().orElse(0));
    }

    /** Memory at the end, of that at the beginning; NaN if nobody told. */
    double growth() {
        Resident resident = resident();
        return resident.first() == 0 ? Double.NaN : (double) resident.last() / resident.first();
    }

    /** The first point at which so many rows were done; what comes before the first rows, and after the last ones, is left out. */
    private List<Point> steps() {
        List<Point> steps = new ArrayList<>();
        for (Point point : points) {
            if (point.rows() > 0
                    && (steps.isEmpty() || point.rows() > steps.getLast().rows())) {
                steps.add(point);
            }
        }
        return steps;
    }

    private static double secondsAt(List<Point> points, double rows) {
        for (int i = 1; i < points.size(); i++) {
            Point from = points.get(i - 1);
            Point to = points.get(i);
            if (to.rows() >= rows) {
                return from.seconds()
                        + (to.seconds() - from.seconds()) * (rows - from.rows()) / (to.rows() - from.rows());
            }
        }
        return points.getLast().seconds();
    }
}
