package dev.caretaker.server.report.page;

import dev.caretaker.server.report.growth.CatchUp;
import dev.caretaker.server.report.growth.Forecast;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Point;
import dev.caretaker.server.report.growth.Series;
import dev.caretaker.server.report.growth.Trend;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Growth in words and lines. */
public final class GrowthFigures {
    /** Of a line: a hundred wide and this high, with room for the stroke above and below. */
    private static final double HEIGHT = 20;

    private static final double MARGIN = 2;

    private GrowthFigures() {}

    /** Whether there is anything to show. */
    public static boolean isThere(Growth growth) {
        return growth.samples() > 0 || growth.failing().isPresent();
    }

    /** Policies of which something can be said. */
    public static List<PolicyGrowth> policies(Growth growth) {
        return growth.policies().stream()
                .filter(policy -> policy.catchUp().verdict() != CatchUp.Verdict.UNKNOWN)
                .toList();
    }

    /** "+12 MB a day", "-3.1 kB a day"; empty without a trend. */
    public static String rate(Series series) {
        return series.trend().map(GrowthFigures::rate).orElse("");
    }

    private static String rate(Trend trend) {
        long bytes = Math.round(trend.perDay());
        if (bytes == 0) {
            return "0 a day";
        }
        return (bytes > 0 ? "+" : "-") + Show.bytes(Math.abs(bytes)) + " a day";
    }

    /** A line through the points, 100 wide and 20 high, from the least to the greatest value; empty for fewer than two points. */
    public static String line(List<Point> points) {
        if (points.size() < 2) {
            return "";
        }
        double from = points.getFirst().at().toEpochMilli();
        double width = Math.max(1, points.getLast().at().toEpochMilli() - from);
        double least = points.stream().mapToDouble(Point::value).min().orElse(0);
        double range = points.stream().mapToDouble(Point::value).max().orElse(0) - least;
        StringBuilder line = new StringBuilder();
        for (Point point : points) {
            double x = (point.at().toEpochMilli() - from) / width * 100;
            double share = range == 0 ? 0.5 : (point.value() - least) / range;
            double y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
            line.append(line.isEmpty() ? "M" : "L").append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
        }
        return line.toString();
    }

    /** When something is reached. */
    public static String when(Forecast forecast) {
        return switch (forecast.state()) {
            case REACHED -> "reached";
            case EXPECTED ->
                "about " + day(forecast.at().orElseThrow())
                        + forecast.earliest()
                                .map(early -> " (" + day(early) + " to "
                                        + forecast.latest()
                                                .map(GrowthFigures::day)
                                                .orElse("much later") + ")")
                                .orElse("");
            case BEYOND -> "not before " + day(forecast.beyond().orElseThrow());
            case NOT_GROWING -> "does not grow";
            case UNCLEAR -> "unclear";
            case UNKNOWN -> "too few samples";
        };
    }

    public static String tone(Forecast forecast) {
        return switch (forecast.state()) {
            case REACHED -> "critical";
            case EXPECTED -> "attention";
            case BEYOND, NOT_GROWING -> "good";
            case UNCLEAR, UNKNOWN -> "quiet";
        };
    }

    private static String day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Whether retention catches up. */
    public static String verdict(CatchUp catchUp) {
        return switch (catchUp.verdict()) {
            case KEEPS_UP -> "keeps up";
            case CATCHES_UP ->
                catchUp.done()
                        .filter(done -> done.state() == Forecast.State.EXPECTED)
                        .flatMap(Forecast::at)
                        .map(at -> "done about " + day(at))
                        .orElse("catches up");
            case NEVER -> "never catches up";
            case UNCLEAR -> "unclear";
            case UNKNOWN -> "too few samples";
        };
    }

    public static String tone(CatchUp catchUp) {
        return switch (catchUp.verdict()) {
            case KEEPS_UP, CATCHES_UP -> "good";
            case NEVER -> "critical";
            case UNCLEAR, UNKNOWN -> "quiet";
        };
    }

    /** Rows a day: "in 1,200, out 900"; empty if unknown. */
    public static Optional<String> flows(CatchUp catchUp) {
        return catchUp.inflowPerDay().isPresent() && catchUp.outflowPerDay().isPresent()
                ? Optional.of(
                        "in " + Show.count(Math.round(catchUp.inflowPerDay().getAsDouble())) + ", out "
                                + Show.count(Math.round(catchUp.outflowPerDay().getAsDouble())))
                : Optional.empty();
    }
}
