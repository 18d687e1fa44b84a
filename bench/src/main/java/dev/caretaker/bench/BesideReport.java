package dev.caretaker.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the application felt, by who worked beside it; verdicts from three rounds on. */
final class BesideReport {
    static final String IDLE = "idle";
    static final String DELETE = "delete";
    static final String LOOP = "loop with pause";
    static final String GENTLE = "gentle loop";
    static final String DEFAULT = "default";
    static final String FAST = "fast";
    static final String VACUUM = "vacuum";
    static final String REINDEX = "reindex";
    static final String ALONE = " alone";
    static final String DEFAULT_ALONE = DEFAULT + ALONE;
    static final String FAST_ALONE = FAST + ALONE;

    private static final List<String> ALL =
            List.of(IDLE, DELETE, LOOP, GENTLE, DEFAULT, FAST, VACUUM, REINDEX, DEFAULT_ALONE, FAST_ALONE);
    private final Lines lines;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    BesideReport(Lines lines) {
        this.lines = lines;
    }

    /**
     * One contender in one round; latencies in milliseconds, NaN if nothing ran beside it.
     *
     * @param rows rows it removed
     */
    private record Round(long rows, double seconds, double p50, double p95, double p99) {
        double rowsPerSecond() {
            return rows / seconds;
        }
    }

    void measured(int round, String name, long rows, Duration took, List<Double> latencies) {
        double seconds = took.toNanos() / 1e9;
        Round measured = new Round(
                rows, seconds, quantile(latencies, 0.5), quantile(latencies, 0.95), quantile(latencies, 0.99));
        rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(measured);
        lines.say(
                "round %d  %-16s %8.2f s %,12.0f rows/s   p50 %6.2f  p95 %6.2f  p99 %7.2f ms (%d)",
                round,
                name,
                seconds,
                measured.rowsPerSecond(),
                measured.p50(),
                measured.p95(),
                measured.p99(),
                latencies.size());
    }

    private static double quantile(List<Double> latencies, double share) {
        return latencies.isEmpty() ? Double.NaN : Statistics.quantile(latencies, share);
    }

    void results() {
        lines.say("");
        rounds.forEach((name, all) -> lines.say(
                "%-16s %6.2f s %,12.0f rows/s (%,.0f to %,.0f)   p99 %7.2f ms (%.2f to %.2f)",
                name,
                median(name, Round::seconds),
                median(name, Round::rowsPerSecond),
                least(all, Round::rowsPerSecond),
                most(all, Round::rowsPerSecond),
                median(name, Round::p99),
                least(all, Round::p99),
                most(all, Round::p99)));
        lines.say("");
        if (!rounds.keySet().containsAll(ALL) || rounds.get(IDLE).size() < Goal.LEAST_ROUNDS) {
            lines.say("No verdicts: they are for all neighbours in %d rounds or more.", Goal.LEAST_ROUNDS);
            return;
        }
        goals().forEach(goal -> lines.say("%s", goal));
    }

    private List<Goal> goals() {
        double idle = median(IDLE, Round::p99);
        return List.of(
                new Goal("default: p99", median(DEFAULT, Round::p99), Math.max(1.5 * idle, idle + 1), true, " ms")
                        .in(rounds.get(DEFAULT).stream().map(Round::p99).toList()),
                ratio(
                        "default: rows a second, of the loop's with its pause",
                        DEFAULT,
                        LOOP,
                        Round::rowsPerSecond,
                        8,
                        false),
                ratio("default alone: time, of fast alone", DEFAULT_ALONE, FAST_ALONE, Round::seconds, 1.05, true),
                ratio("fast: p99, of idle", FAST, IDLE, Round::p99, 5, true),
                ratio("fast: time, of the single DELETE's", FAST, DELETE, Round::seconds, 1.1, true),
                ratio("vacuum: p99, of idle", VACUUM, IDLE, Round::p99, 2, true),
                ratio("reindex: p99, of idle", REINDEX, IDLE, Round::p99, 2, true));
    }

    private Goal ratio(
            String what, String name, String other, ToDoubleFunction<Round> figure, double limit, boolean atMost) {
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds.get(name).size(), rounds.get(other).size()); i++) {
            each.add(figure.applyAsDouble(rounds.get(name).get(i))
                    / figure.applyAsDouble(rounds.get(other).get(i)));
        }
        return new Goal(what, median(name, figure) / median(other, figure), limit, atMost, "×").in(each);
    }

    private double median(String name, ToDoubleFunction<Round> figure) {
        return Statistics.median(
                rounds.get(name).stream().map(figure::applyAsDouble).toList());
    }

    private static double least(List<Round> all, ToDoubleFunction<Round> figure) {
        return all.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    private static double most(List<Round> all, ToDoubleFunction<Round> figure) {
        return all.stream().mapToDouble(figure).max().orElse(Double.NaN);
    }
}
