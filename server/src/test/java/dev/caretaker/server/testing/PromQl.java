package dev.caretaker.server.testing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which metrics and labels an expression of PromQL names, as far as those of our alert rules and dashboard go. */
public record PromQl(String text) {
    private static final Pattern SELECTOR =
            Pattern.compile("\\b((?:caretaker|jvm)_[a-z_]*[a-z]|up)\\b(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}");

    /** Metrics, each with the labels by which it is selected. */
    public Map<String, Set<String>> selected() {
        Map<String, Set<String>> selected = new TreeMap<>();
        Matcher selectors = SELECTOR.matcher(text);
        while (selectors.find()) {
            Set<String> labels = selected.computeIfAbsent(selectors.group(1), name -> new TreeSet<>());
            if (selectors.group(2) != null) {
                Matcher matchers = MATCHER.matcher(selectors.group(2));
                while (matchers.find()) {
                    labels.add(matchers.group(1));
                }
            }
        }
        return selected;
    }

    /** Labels by which it groups or joins. */
    public Set<String> grouped() {
        Set<String> labels = new TreeSet<>();
        Matcher groupings = GROUPING.matcher(text);
        while (groupings.find()) {
            for (String label : groupings.group(1).split(",")) {
                labels.add(label.strip());
            }
        }
        return labels;
    }

    /** Labels of its result that a legend or an annotation shows. */
    public static Set<String> shown(String template) {
        Set<String> labels = new TreeSet<>();
        Matcher shown = SHOWN.matcher(template);
        while (shown.find()) {
            labels.add(shown.group(1));
        }
        return labels;
    }
}
