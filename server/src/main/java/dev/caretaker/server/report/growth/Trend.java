package dev.caretaker.server.report.growth;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How fast something grows: the median of the slopes between all pairs of samples (Theil 1950), which up to 29 % of samples that
 * are far off do not move, with Sen's interval of 95 % for it (P. K. Sen, "Estimates of the regression coefficient based on
 * Kendall's tau", Journal of the American Statistical Association 63, 1968, pp. 1379–1389). The interval takes the samples for
 * independent of each other; those of consecutive days seldom are, so that in truth it is wider. A straight line is all that is
 * seen: what grows faster and faster is told too late, and seasons longer than the samples are not seen at all.
 *
 * @param perDay bytes or rows a day
 * @param lowPerDay lower end of the interval
 * @param highPerDay upper end
 * @param samples it was read from
 * @param from first of these
 * @param to last of these
 */
public record Trend(double perDay, double lowPerDay, double highPerDay, int samples, Instant from, Instant to) {
    /** With fewer no interval of 95 % exists. */
    public static final int LEAST_SAMPLES = 5;
    /** Shorter than that, the hours of a day are taken for growth. */
    public static final Duration LEAST_SPAN = Duration.ofDays(3);

    /** Pairs grow with the square; a hundred samples are enough for a line. */
    private static final int MOST_SAMPLES = 100;

    private static final double NORMAL_95 = 1.959964;
    private static final double DAY = Duration.ofDays(1).toMillis();

    /** The trend of samples in the order of time; empty if they are too few, or lie too close to each other. */
    public static Optional<Trend> of(List<Point> points) {
        List<Point> used =
                thinned(points.stream().sorted(Comparator.comparing(Point::at)).toList());
        if (used.size() < LEAST_SAMPLES || span(used).compareTo(LEAST_SPAN) < 0) {
            return Optional.empty();
        }
        double[] slopes = slopes(used);
        Arrays.sort(slopes);
        double n = used.size();
        double reach = NORMAL_95 * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
        int low = (int) Math.floor((slopes.length - reach) / 2) - 1;
        int high = (int) Math.ceil((slopes.length + reach) / 2);
        return Optional.of(new Trend(
                median(slopes),
                slopes[Math.max(0, low)],
                slopes[Math.min(slopes.length - 1, high)],
                points.size(),
                used.getFirst().at(),
                used.getLast().at()));
    }

    /** Whether it grows, as far as the samples tell: the whole interval lies above zero. */
    public boolean isGrowth() {
        return lowPerDay > 0;
    }

    /** Whether it neither grows nor shrinks, or one cannot tell: zero lies in the interval. */
    public boolean isUnclear() {
        return lowPerDay <= 0 && highPerDay >= 0;
    }

    /** Time between its first and last sample. */
    public Duration span() {
        return Duration.between(from, to);
    }

    static Duration span(List<Point> points) {
        return points.size() < 2
                ? Duration.ZERO
                : Duration.between(points.getFirst().at(), points.getLast().at());
    }

    /** Evenly, with the first and the last. */
    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MOST_SAMPLES) {
            return points;
        }
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < MOST_SAMPLES; i++) {
            some.add(points.get((int) ((long) i * (points.size() - 1) / (MOST_SAMPLES - 1))));
        }
        return some;
    }

    /** Of all pairs that do not lie at the same moment. */
    private static double[] slopes(List<Point> points) {
        double[] slopes = new double[points.size() * (points.size() - 1) / 2];
        int count = 0;
        for (int i = 0; i < points.size(); i++) {
            for (int j = i + 1; j < points.size(); j++) {
                double days =
                        Duration.between(points.get(i).at(), points.get(j).at()).toMillis() / DAY;
                if (days > 0) {
                    slopes[count++] = (points.get(j).value() - points.get(i).value()) / days;
                }
            }
        }
        return Arrays.copyOf(slopes, count);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
