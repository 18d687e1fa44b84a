package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.GrowthSeries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A line through points for an inline SVG, 100 wide and 30 high.
 *
 * @param line path of the line
 * @param area path of what is below it
 * @param least smallest value
 * @param most largest value
 * @param from first moment
 * @param to last moment
 */
public record Curve(String line, String area, long least, long most, Timestamp from, Timestamp to) {
    private static final double WIDTH = 100;
    private static final double HEIGHT = 30;
    /** Room for the stroke above and below. */
    private static final double MARGIN = 2;

    /** A value at a moment. */
    public record Spot(Timestamp at, long value) {}

    /** Of a series, between its smallest and its largest value; empty for fewer than two points. */
    public static Optional<Curve> of(GrowthSeries series) {
        List<Spot> spots = series.getPointsList().stream()
                .map(point -> new Spot(point.getTime(), point.getValue()))
                .toList();
        return of(spots, spots.stream().mapToLong(Spot::value).min().orElse(0));
    }

    /** Of values in order of time, between this and the largest; empty for fewer than two. */
    public static Optional<Curve> of(List<Spot> spots, long least) {
        if (spots.size() < 2) {
            return Optional.empty();
        }
        long most = spots.stream().mapToLong(Spot::value).max().orElse(least);
        double from = millis(spots.getFirst());
        double span = Math.max(1, millis(spots.getLast()) - from);
        StringBuilder line = new StringBuilder();
        for (Spot spot : spots) {
            double x = (millis(spot) - from) / span * WIDTH;
            double share = most == least ? 0.5 : (spot.value() - least) / (double) (most - least);
            double y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
            line.append(line.isEmpty() ? "M" : "L").append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
        }
        return Optional.of(new Curve(
                line.toString(),
                line + "L100 30L0 30Z",
                least,
                most,
                spots.getFirst().at(),
                spots.getLast().at()));
    }

    private static double millis(Spot spot) {
        return Moments.instant(spot.at()).toEpochMilli();
    }
}
