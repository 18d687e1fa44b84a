package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What conversions took, and what a copy took in the same rounds; medians with their spread. */
final class ConversionReport {
    private static final double MOST_CUT_OVER_MILLIS = 200;
    private static final double MOST_REVERT_SECONDS = 1;
    private static final double MOST_RESPONSE = 2;
    /** A conversion is no harder on others than the one statement it cannot go without. */
    private static final double MOST_RESPONSE_OF_INDEX = 1.2;

    private final Lines lines;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    ConversionReport(Lines lines) {
        this.lines = lines;
    }

    void add(String what, double value) {
        values.computeIfAbsent(what, key -> new ArrayList<>()).add(value);
    }

    /** @param rounds with fewer than three there are no verdicts */
    void results(int rounds) {
        lines.say("");
        lines.say("Median (least – most) of %d rounds", rounds);
        values.forEach((what, all) -> lines.say("  %-52s %s", what, spread(all)));
        if (rounds < Goal.LEAST_ROUNDS) {
            lines.say("No verdicts: they need %d rounds.", Goal.LEAST_ROUNDS);
            return;
        }
        lines.say("");
        for (Goal goal : List.of(
                worst("rows copied", "conversion: rows copied", 0, ""),
                worst(
                        "cut-over, the table locked exclusively",
                        "conversion: table locked, ms",
                        MOST_CUT_OVER_MILLIS,
                        " ms"),
                worst(
                        "revert, until the table is plain again",
                        "revert: until plain again, s",
                        MOST_REVERT_SECONDS,
                        " s"),
                response("idle", MOST_RESPONSE),
                response("index alone", MOST_RESPONSE_OF_INDEX),
                worst("writes lost or refused", "conversion: writes lost or refused", 0, ""))) {
            lines.say("%s", goal);
        }
    }

    /** Of all rounds the worst counts. */
    private Goal worst(String goal, String what, double limit, String unit) {
        return new Goal(goal, Statistics.quantile(values.get(what), 1), limit, true, unit).in(values.get(what));
    }

    private Goal response(String beside, double most) {
        List<Double> with = values.get("conversion: writer's p99, ms");
        List<Double> without = values.get(beside + ": writer's p99, ms");
        List<Double> each = IntStream.range(0, Math.min(with.size(), without.size()))
                .mapToObj(round -> with.get(round) / without.get(round))
                .toList();
        double medians = Statistics.median(with) / Statistics.median(without);
        return new Goal("the writer's p99 beside it, of " + beside, medians, most, true, "×").in(each);
    }

    private static String spread(List<Double> all) {
        return String.format(
                Locale.ROOT,
                "%,.1f (%,.1f – %,.1f)",
                Statistics.median(all),
                Statistics.quantile(all, 0),
                Statistics.quantile(all, 1));
    }
}
