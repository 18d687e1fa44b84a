package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What conversions took, and what a copy took in the same rounds; medians with their spread. */
final class ConversionReport {
    private static final double MOST_CUT_OVER_MILLIS = 200;
    private static final double MOST_REVERT_SECONDS = 1;
    private static final double MOST_RESPONSE = 2;

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
                new Goal("rows copied", most("conversion: rows copied"), 0, true, ""),
                new Goal(
                        "cut-over, the table locked exclusively",
                        most("conversion: table locked, ms"),
                        MOST_CUT_OVER_MILLIS,
                        true,
                        " ms"),
                new Goal(
                        "revert, until the table is plain again",
                        most("revert: until plain again, s"),
                        MOST_REVERT_SECONDS,
                        true,
                        " s"),
                new Goal(
                        "the writer's p99 beside it, of idle",
                        Statistics.median(values.get("conversion: writer's p99, ms"))
                                / Statistics.median(values.get("idle: writer's p99, ms")),
                        MOST_RESPONSE,
                        true,
                        "×"),
                new Goal("writes lost or refused", most("conversion: writes lost or refused"), 0, true, ""))) {
            lines.say("%s", goal);
        }
    }

    private double most(String what) {
        return Statistics.quantile(values.get(what), 1);
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
