package dev.caretaker.server.report.growth;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A size over time, and where it goes.
 *
 * @param points in the order of time, one a day
 * @param trend empty if the samples do not suffice
 * @param note why there is no trend, or of what it is, a sentence; may be empty
 */
public record Series(List<Point> points, Optional<Trend> trend, String note) {
    /** From one day to the next less than that share of what it was: it was emptied, rewritten, or lost partitions. */
    private static final double SHRUNK = 0.8;
    /** What is smaller than that goes up and down by itself. */
    private static final double SMALL = 8 << 20;

    /**
     * A size in bytes. What shrank once is another thing since, so its trend is that since; what shrank several times shrinks
     * regularly, and its trend is that of all.
     */
    static Series ofBytes(List<Point> points) {
        int drops = 0;
        int since = 0;
        for (int i = 1; i < points.size(); i++) {
            double before = points.get(i - 1).value();
            if (before >= SMALL && points.get(i).value() < before * SHRUNK) {
                drops++;
                since = i;
            }
        }
        if (drops == 1) {
            String when = "since it shrank on " + day(points.get(since).at());
            return of(points, points.subList(since, points.size()), when);
        }
        return of(points, points, drops > 1 ? "over " + drops + " times that it shrank" : "");
    }

    /** Anything else. */
    static Series of(List<Point> points) {
        return of(points, points, "");
    }

    private static Series of(List<Point> all, List<Point> used, String which) {
        Optional<Trend> trend = Trend.of(used);
        if (trend.isPresent()) {
            return new Series(all, trend, which.isEmpty() ? "" : "The trend is that " + which + ".");
        }
        String there = used.size() + (used.size() == 1 ? " daily sample" : " daily samples");
        String note = there + (which.isEmpty() ? "" : " " + which) + ": a trend needs " + Trend.LEAST_SAMPLES
                + " over at least " + Trend.LEAST_SPAN.toDays() + " days.";
        return new Series(all, trend, note);
    }

    private static LocalDate day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate();
    }
}
