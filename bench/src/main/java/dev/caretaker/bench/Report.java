package dev.caretaker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Writes results for people. */
final class Report {
    private final Lines lines;

    Report(Lines lines) {
        this.lines = lines;
    }

    void environment(Map<String, String> environment) {
        environment.forEach((name, value) -> lines.say("%-24s %s", name, value));
        lines.say("");
    }

    void measured(Measurement measurement) {
        lines.say(
                "round %d  %-13s %-10s %8.2f s  %8.1f MB WAL  %s",
                measurement.round(),
                measurement.scenario().key(),
                measurement.contender(),
                measurement.seconds(),
                measurement.walBytes() / 1e6,
                measurement.work().details().mechanism());
    }

    void results(Results results) {
        for (Scenario scenario : results.scenarios()) {
            long rows = results.of(scenario, "delete").getFirst().rowsDeleted();
            lines.say("");
            lines.say("%s (%s): %,d rows deleted, the same ones by all", scenario.title(), scenario.key(), rows);
            lines.say(
                    "  %-10s %10s %9s %12s %9s   %s",
                    "", "median", "× delete", "WAL", "× delete", "batch p50 / p95 / max");
            for (String contender : results.contenders(scenario)) {
                row(results, scenario, contender);
            }
            double slowdown = results.slowdown(scenario);
            if (!Double.isNaN(slowdown)) {
                lines.say("  Caretaker's time per row at the end: %.2f× that at the beginning", slowdown);
            }
        }
    }

    void goals(List<Goal> goals, OptionalLong residentBytes) {
        lines.say("");
        residentBytes.ifPresent(bytes -> lines.say("Server's resident memory at the end: %.0f MB", bytes / 1e6));
        if (goals.isEmpty()) {
            lines.say(
                    "No verdicts: the goals are for %,d rows and %d rounds or more.",
                    Goal.LEAST_ROWS, Goal.LEAST_ROUNDS);
        }
        goals.forEach(goal -> lines.say("%s", goal));
    }

    private void row(Results results, Scenario scenario, String contender) {
        double seconds = results.seconds(scenario, contender);
        double wal = results.walBytes(scenario, contender);
        lines.say(
                "  %-10s %8.2f s %8.2f× %9.1f MB %8.3f×   %s",
                contender,
                seconds,
                seconds / results.seconds(scenario, "delete"),
                wal / 1e6,
                wal / results.walBytes(scenario, "delete"),
                contender.equals("caretaker") ? batches(results.batches(scenario)) : "");
    }

    private static String batches(List<Double> batches) {
        if (batches.isEmpty()) {
            return "no batches";
        }
        return String.format(
                Locale.ROOT,
                "%.0f / %.0f / %.0f ms (%d)",
                Statistics.quantile(batches, 0.5),
                Statistics.quantile(batches, 0.95),
                Statistics.quantile(batches, 1),
                batches.size());
    }
}
