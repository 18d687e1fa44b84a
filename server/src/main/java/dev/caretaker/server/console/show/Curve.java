package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.GrowthPoint;
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

    /** Of a series; empty for fewer than two points. */
    public static Optional<Curve> of(GrowthSeries series) {
        List<GrowthPoint> points = series.getPointsList();
        if (points.size() < 2) {
            return Optional.empty();
        }
        long least = points.stream().mapToLong(GrowthPoint::getValue).min().orElse(0);
        long most = points.stream().mapToLong(GrowthPoint::getValue).max().orElse(0);
        double from = millis(points.getFirst());
        double span = Math.max(1, millis(points.getLast()) - from);
        StringBuilder line = new StringBuilder();
        for (GrowthPoint point : points) {
            double x = (millis(point) - from) / span * WIDTH;
            double share = most == least ? 0.5 : (point.getValue() - least) / (double) (most - least);
            double y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
            line.append(line.isEmpty() ? "M" : "L").append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
        }
        return Optional.of(new Curve(
                line.toString(),
                line + "L100 30L0 30Z",
                least,
                most,
                points.getFirst().getTime(),
                points.getLast().getTime()));
    }

    private static double millis(GrowthPoint point) {
        return Moments.instant(point.getTime()).toEpochMilli();
    }
}
