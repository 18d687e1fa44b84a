package dev.caretaker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** The goals of cleanups, and what the results say of them. */
final class CleanupGoals {
    /** What they are for; with less, what is the same for every run counts for too much. */
    static final long ROWS = 2_000_000;

    private static final double LEAST_LOOP_RATIO = 3.3;
    private static final double MOST_WAL_RATIO = 1.02;
    private static final double MOST_SLOWDOWN = 1.2;
    /** A run on a big table is to be no slower at its end. */
    private static final double LEAST_LATE_RATE = 0.9;
    /** Memory of the server, at the end of a run and at its beginning. */
    private static final double MOST_RESIDENT_GROWTH = 1.1;

    private static final double MOST_RESIDENT_MB = 300;

    private final Results results;
    private final int batchTarget;
    private final List<Goal> goals = new ArrayList<>();

    private CleanupGoals(Results results, int batchTarget) {
        this.results = results;
        this.batchTarget = batchTarget;
    }

    /**
     * All that the results have something to say about.
     *
     * @param batchTarget time that a batch should have taken, in milliseconds
     */
    static List<Goal> of(Results results, int batchTarget, OptionalLong peakResidentBytes) {
        CleanupGoals all = new CleanupGoals(results, batchTarget);
        results.scenarios().forEach(all::of);
        peakResidentBytes.ifPresent(bytes ->
                all.goals.add(new Goal("server's peak resident memory", bytes / 1e6, MOST_RESIDENT_MB, true, " MB")));
        return all.goals;
    }

    private void of(Scenario scenario) {
        ratio(scenario, "time", Measurement::seconds, scenario.allowedRatio());
        ratio(scenario, "write-ahead log", Measurement::walBytes, MOST_WAL_RATIO);
        goals.add(new Goal(
                        prefix(scenario) + "95 % of the batches take",
                        Statistics.quantile(results.batches(scenario), 0.95),
                        scenario.batchRatio() * batchTarget,
                        true,
                        " ms")
                .in(results.batchesEach(scenario, 0.95)));
        if (scenario.comparesWithLoop()) {
            goals.add(new Goal(
                            prefix(scenario) + "speed, of the loop's",
                            results.seconds(scenario, "loop") / results.seconds(scenario, "caretaker"),
                            LEAST_LOOP_RATIO,
                            false,
                            "×")
                    .in(results.ratios(scenario, "loop", "caretaker", Measurement::seconds)));
        }
        if (scenario == Scenario.TIME_INDEX) {
            course(scenario, "rate of the last tenth, of the first tenth's", Course::lateRate, LEAST_LATE_RATE, false);
            course(
                    scenario,
                    "server's memory at the end of a run, of that at its beginning",
                    Course::growth,
                    MOST_RESIDENT_GROWTH,
                    true);
        }
        if (scenario.holdsSnapshot()) {
            course(
                    scenario,
                    "time per row at the end, of that at the beginning",
                    Course::slowdown,
                    MOST_SLOWDOWN,
                    true);
        }
    }

    private void ratio(Scenario scenario, String what, ToDoubleFunction<Measurement> figure, double most) {
        goals.add(new Goal(
                        prefix(scenario) + what + ", of the single DELETE's",
                        results.median(scenario, "caretaker", figure) / results.median(scenario, "delete", figure),
                        most,
                        true,
                        "×")
                .in(results.ratios(scenario, "caretaker", "delete", figure)));
    }

    private void course(Scenario scenario, String what, ToDoubleFunction<Course> figure, double limit, boolean atMost) {
        List<Double> rounds = results.courses(scenario, figure);
        goals.add(new Goal(prefix(scenario) + what, Statistics.median(rounds), limit, atMost, "×").in(rounds));
    }

    private static String prefix(Scenario scenario) {
        return scenario.key() + ": ";
    }
}
