package dev.caretaker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

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
                    "  %-10s %10s %17s %9s %13s %12s %9s   %s",
                    "",
                    "median",
                    "(least to most)",
                    "× delete",
                    "(by round)",
                    "WAL",
                    "× delete",
                    "batch p50 / p95 / max");
            for (String contender : results.contenders(scenario)) {
                row(results, scenario, contender);
            }
            results.of(scenario, "caretaker").forEach(this::course);
        }
    }

    private void course(Measurement measurement) {
        Course course = measurement.work().details().course();
        double slowdown = course.slowdown();
        if (!Double.isNaN(slowdown)) {
            lines.say("  round %d: time per row at the end %.2f× that at the beginning", measurement.round(), slowdown);
        }
        if (!course.rates().isEmpty()) {
            lines.say(
                    "  round %d: thousands of rows a second by tenths: %s",
                    measurement.round(),
                    course.rates().stream()
                            .map(rate -> String.format(Locale.ROOT, "%,.0f", rate / 1e3))
                            .collect(Collectors.joining(" ")));
        }
        Course.Resident resident = course.resident();
        if (resident.most() > 0) {
            lines.say(
                    "  round %d: server's resident memory %.0f MB at the beginning, %.0f at the end, %.0f at most",
                    measurement.round(), resident.first() / 1e6, resident.last() / 1e6, resident.most() / 1e6);
        }
    }

    /** @param rows of the table that was measured */
    void goals(List<Goal> goals, long rows, OptionalLong residentBytes) {
        lines.say("");
        residentBytes.ifPresent(bytes -> lines.say("Server's resident memory at the end: %.0f MB", bytes / 1e6));
        if (goals.isEmpty()) {
            lines.say("No verdicts: they are for %d rounds or more.", Goal.LEAST_ROUNDS);
        } else if (rows < CleanupGoals.ROWS) {
            lines.say(
                    "The goals are for %,d rows or more; with fewer, what every run costs counts for too much.",
                    CleanupGoals.ROWS);
        }
        goals.forEach(goal -> lines.say("%s", goal));
    }

    private void row(Results results, Scenario scenario, String contender) {
        double seconds = results.seconds(scenario, contender);
        double wal = results.walBytes(scenario, contender);
        lines.say(
                "  %-10s %8.2f s %17s %8.2f× %13s %9.1f MB %8.3f×   %s",
                contender,
                seconds,
                spread(results.of(scenario, contender).stream()
                        .map(Measurement::seconds)
                        .toList()),
                seconds / results.seconds(scenario, "delete"),
                spread(results.ratios(scenario, contender, "delete", Measurement::seconds)),
                wal / 1e6,
                wal / results.walBytes(scenario, "delete"),
                contender.equals("caretaker") ? batches(results.batches(scenario)) : "");
    }

    private static String spread(List<Double> rounds) {
        return Spread.of(rounds)
                .filter(spread -> spread.rounds() > 1)
                .map(spread -> String.format(Locale.ROOT, "(%.2f–%.2f)", spread.least(), spread.most()))
                .orElse("");
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
