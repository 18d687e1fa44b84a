package dev.caretaker.server.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text format of Prometheus, version 0.0.4, and takes nothing that is not exactly so. */
public final class MetricsText {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|-?[0-9.]+(?:[eE][+-]?[0-9]+)?)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\\"n])");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "untyped");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, String> helps = new HashMap<>();
    private final List<Sample> samples = new ArrayList<>();

    private MetricsText() {}

    /** One line. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    public static MetricsText parse(String text) {
        if (!text.endsWith("\n") || text.contains("\r")) {
            throw new AssertionError("lines do not end as they must");
        }
        MetricsText metrics = new MetricsText();
        Set<String> seen = new HashSet<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("#")) {
                metrics.comment(line);
            } else {
                Sample sample = sample(line);
                if (!seen.add(sample.name() + sample.labels())) {
                    throw new AssertionError("twice: " + line);
                }
                if (!metrics.types.containsKey(metrics.family(sample.name()))) {
                    throw new AssertionError("no TYPE before " + line);
                }
                metrics.samples.add(sample);
            }
        }
        return metrics;
    }

    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        samples.forEach(sample -> names.add(sample.name()));
        return names;
    }

    /** Names of metrics: those of samples, but of histograms one. */
    public Set<String> families() {
        Set<String> families = new TreeSet<>();
        samples.forEach(sample -> families.add(family(sample.name())));
        return families;
    }

    public List<Sample> samples() {
        return samples;
    }

    /** Samples of one name. */
    public List<Sample> of(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }

    public String type(String name) {
        return types.get(family(name));
    }

    public String help(String name) {
        return helps.get(family(name));
    }

    /** The value of the one sample with exactly these labels, given as name and value in turn; NaN if there is none. */
    public double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.labels().equals(wanted))
                .mapToDouble(Sample::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    private String family(String name) {
        return types.containsKey(name) ? name : name.replaceFirst("_(bucket|sum|count)$", "");
    }

    private void comment(String line) {
        Matcher matcher = COMMENT.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no comment of the format: " + line);
        }
        Map<String, String> kept = matcher.group(1).equals("TYPE") ? types : helps;
        if (kept == types && !TYPES.contains(matcher.group(3))) {
            throw new AssertionError("no type: " + line);
        }
        if (kept.put(matcher.group(2), matcher.group(3)) != null) {
            throw new AssertionError("told twice: " + line);
        }
    }

    private static String unescaped(String label) {
        return ESCAPED.matcher(label)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).equals("n") ? "\n" : found.group(1)));
    }

    private static Sample sample(String line) {
        Matcher matcher = SAMPLE.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("no sample of the format: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (matcher.group(2) != null) {
            Matcher label = LABEL.matcher(matcher.group(2));
            int end = 0;
            while (end < matcher.group(2).length()) {
                if (!label.find(end)
                        || label.start() != end
                        || labels.put(label.group(1), unescaped(label.group(2))) != null) {
                    throw new AssertionError("labels not of the format: " + line);
                }
                end = label.end();
            }
        }
        String value = matcher.group(3).replace("Inf", "Infinity");
        return new Sample(matcher.group(1), labels, Double.parseDouble(value));
    }
}
