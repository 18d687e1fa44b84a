package dev.caretaker.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What was measured of vacuum and reindex, for people as it comes and for programs at the end. */
final class UpkeepReport {
    private static final String CARETAKER = "caretaker";
    private static final double MOST_TIME = 1.05;
    private static final double MOST_RESPONSE = 1.5;
    private static final double MOST_CHOICE_SECONDS = 1;
    private static final String BESIDE = "beside the application";

    private final Lines lines;
    private final Map<String, String> environment = new LinkedHashMap<>();
    /** By work, then by contender. */
    private final Map<String, Map<String, List<Double>>> seconds = new LinkedHashMap<>();

    private final Map<String, List<Double>> responses = new TreeMap<>();
    /** The p99 of each round. */
    private final Map<String, List<Double>> slow = new TreeMap<>();

    private final Map<String, Double> choices = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();

    UpkeepReport(Lines lines) {
        this.lines = lines;
    }

    void environment(Map<String, String> settings) {
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.putAll(settings);
        environment.forEach((name, value) -> lines.say("%-24s %s", name, value));
        lines.say("");
    }

    void worked(String work, String contender, double taken) {
        seconds.computeIfAbsent(work, key -> new TreeMap<>())
                .computeIfAbsent(contender, key -> new ArrayList<>())
                .add(taken);
        lines.say("%-22s %-20s %7.2f s", work, contender, taken);
    }

    void loaded(String contender, double taken, List<Double> milliseconds) {
        worked(BESIDE, contender, taken);
        responses.computeIfAbsent(contender, key -> new ArrayList<>()).addAll(milliseconds);
        slow.computeIfAbsent(contender, key -> new ArrayList<>()).add(Statistics.quantile(milliseconds, 0.99));
        lines.say("  its responses: %s", quantiles(milliseconds));
    }

    void chosen(String what, int tables, int chosen, double first, double median) {
        lines.say(
                "%s: %,d chosen of %,d tables; the first time in %.2f s, then %.2f s",
                what, chosen, tables, first, median);
        choices.put(what, median);
        goals.add(new Goal(
                what + ": choosing among " + String.format(Locale.ROOT, "%,d", tables) + " tables, the first time",
                first,
                MOST_CHOICE_SECONDS,
                true,
                " s"));
    }

    void resident(long bytes) {
        lines.say("%nCaretaker's server had at most %.0f MB resident.", bytes / 1e6);
    }

    /** Medians and goals. */
    void end() {
        lines.say("");
        List<Goal> compared = new ArrayList<>();
        seconds.forEach((work, contenders) -> {
            double plain = Statistics.median(plain(contenders));
            double ours = Statistics.median(contenders.get(CARETAKER));
            lines.say("%-22s median %6.2f s by hand, %6.2f s by Caretaker: %.3f×", work, plain, ours, ours / plain);
            if (!work.equals(BESIDE)) {
                compared.add(new Goal(work + ": time, of the plain commands'", ours / plain, MOST_TIME, true, "×")
                        .in(ratios(contenders.get(CARETAKER), plain(contenders))));
            }
        });
        responses.forEach((contender, all) -> lines.say("responses beside %-20s %s", contender, quantiles(all)));
        if (!responses.isEmpty()) {
            compared.add(new Goal(
                            "the application's p99, of that beside the plain commands",
                            Statistics.median(slow.get(CARETAKER)) / Statistics.median(plain(slow)),
                            MOST_RESPONSE,
                            true,
                            "×")
                    .in(ratios(slow.get(CARETAKER), plain(slow))));
        }
        goals.addAll(0, compared);
        lines.say("");
        goals.forEach(goal -> lines.say("%s", goal));
    }

    void write(Path file) throws IOException {
        Gson gson = new GsonBuilder().setPrettyPrinting().create();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("environment", environment);
        all.put("seconds", seconds);
        Map<String, Map<String, Double>> p = new TreeMap<>();
        responses.forEach((contender, values) -> p.put(
                contender,
                Map.of(
                        "p50", Statistics.quantile(values, 0.5),
                        "p99", Statistics.quantile(values, 0.99),
                        "count", (double) values.size())));
        all.put("response_milliseconds", p);
        all.put("choice_seconds", choices);
        all.put("goals", goals.stream().map(Goal::toString).toList());
        Files.writeString(file, gson.toJson(all) + "\n");
    }

    /** Round by round. */
    private static List<Double> ratios(List<Double> some, List<Double> others) {
        return IntStream.range(0, Math.min(some.size(), others.size()))
                .mapToObj(round -> some.get(round) / others.get(round))
                .toList();
    }

    private static List<Double> plain(Map<String, List<Double>> byContender) {
        return byContender.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(CARETAKER))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static String quantiles(List<Double> milliseconds) {
        return String.format(
                Locale.ROOT,
                "p50 %.1f, p99 %.1f, most %.1f ms of %,d",
                Statistics.quantile(milliseconds, 0.5),
                Statistics.quantile(milliseconds, 0.99),
                Statistics.quantile(milliseconds, 1),
                milliseconds.size());
    }
}
