package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What was to be reached, and what was.
 *
 * @param what is compared, in words
 * @param value as measured; NaN if it could not be
 * @param atMost whether {@code limit} is the most, else the least
 */
record Goal(String what, double value, double limit, boolean atMost, String unit) {
    /** What the goals of a cleanup are for; with less, what is the same for every run counts for too much. */
    static final long LEAST_ROWS = 2_000_000;

    static final int LEAST_ROUNDS = 3;

    private static final double LEAST_LOOP_RATIO = 3.3;
    private static final double MOST_WAL_RATIO = 1.02;
    private static final double MOST_BATCH_RATIO = 1.25;
    private static final double MOST_SLOWDOWN = 1.2;
    /** A run on a big table is to be no slower at its end. */
    private static final double LEAST_LATE_RATE = 0.9;

    private static final double MOST_RESIDENT_MB = 300;

    /**
     * All goals that the results have something to say about.
     *
     * @param batchTarget time that a batch should have taken, in milliseconds
     */
    static List<Goal> of(Results results, int batchTarget, OptionalLong peakResidentBytes) {
        List<Goal> goals = new ArrayList<>();
        for (Scenario scenario : results.scenarios()) {
            String prefix = scenario.key() + ": ";
            double caretaker = results.seconds(scenario, "caretaker");
            if (!Double.isNaN(scenario.allowedRatio())) {
                goals.add(atMost(
                        prefix + "time, of the single DELETE's",
                        caretaker / results.seconds(scenario, "delete"),
                        scenario.allowedRatio(),
                        "×"));
                goals.add(atMost(
                        prefix + "write-ahead log, of the single DELETE's",
                        results.walBytes(scenario, "caretaker") / results.walBytes(scenario, "delete"),
                        MOST_WAL_RATIO,
                        "×"));
                goals.add(atMost(
                        prefix + "95 % of the batches take",
                        Statistics.quantile(results.batches(scenario), 0.95),
                        MOST_BATCH_RATIO * batchTarget,
                        " ms"));
            }
            if (scenario.comparesWithLoop()) {
                goals.add(new Goal(
                        prefix + "speed, of the loop's",
                        results.seconds(scenario, "loop") / caretaker,
                        LEAST_LOOP_RATIO,
                        false,
                        "×"));
            }
            if (scenario == Scenario.TIME_INDEX) {
                goals.add(new Goal(
                        prefix + "rate of the last third, of the first third's",
                        1 / results.slowdown(scenario),
                        LEAST_LATE_RATE,
                        false,
                        "×"));
            }
            if (scenario.holdsSnapshot()) {
                goals.add(atMost(
                        prefix + "time per row at the end, of that at the beginning",
                        results.slowdown(scenario),
                        MOST_SLOWDOWN,
                        "×"));
            }
        }
        peakResidentBytes.ifPresent(
                bytes -> goals.add(atMost("server's peak resident memory", bytes / 1e6, MOST_RESIDENT_MB, " MB")));
        return goals;
    }

    boolean met() {
        return atMost ? value <= limit : value >= limit;
    }

    /** One line. */
    @Override
    public String toString() {
        String wanted = String.format(Locale.ROOT, "(%s %.2f%s)", atMost ? "≤" : "≥", limit, unit);
        return Double.isNaN(value)
                ? String.format(Locale.ROOT, "too short  %s %s", what, wanted)
                : String.format(
                        Locale.ROOT, "%-9s  %s: %.2f%s %s", met() ? "met" : "not met", what, value, unit, wanted);
    }

    private static Goal atMost(String what, double value, double limit, String unit) {
        return new Goal(what, value, limit, true, unit);
    }
}
