package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.store.GatheredStore.Count;
import dev.caretaker.server.store.GatheredStore.Message;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Many events as one message.
 *
 * @param counts of all of them
 * @param worst those that are named
 */
record Bundle(List<Count> counts, List<Notice> worst) {
    /** So many are named: few enough for a mail that can be read, and for a program's limits of a body. */
    static final int MOST_NAMED = 200;

    long size() {
        return counts.stream().mapToLong(Count::events).sum();
    }

    /**
     * The message.
     *
     * @param beginning of its sentence, such as "Daily digest: "
     * @param more of its data
     */
    Message message(UUID id, NotificationEvent event, String topic, String beginning, Map<String, Object> more) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("count", size());
        data.put("by_event", sums(Count::type));
        data.put("events", worst.stream().map(NoticePart::write).toList());
        data.putAll(more);
        SortedSet<String> targets = targets();
        String target = targets.size() == 1 ? targets.getFirst() : "";
        return new Message(id, event, severity(), target, topic, beginning + sentence(targets), data);
    }

    private SortedSet<String> targets() {
        return counts.stream().map(Count::target).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of what is over nobody needs to be alarmed. */
    private Severity severity() {
        return counts.stream()
                .filter(count -> !count.ended())
                .map(Count::severity)
                .max(Severity::compareTo)
                .orElse(Severity.INFO);
    }

    /** {@code 12 events at shop (2 critical, 9 warning): 11 finding.new, 1 finding.gone.} */
    private String sentence(SortedSet<String> targets) {
        String place = targets.size() > 1
                ? " at " + targets.size() + " targets"
                : targets.isEmpty() || targets.getFirst().isEmpty() ? "" : " at " + targets.getFirst();
        Map<String, Long> bad = new TreeMap<>();
        counts.stream()
                .filter(count -> !count.ended())
                .forEach(count ->
                        bad.merge(count.severity().name().toLowerCase(Locale.ROOT), count.events(), Long::sum));
        return size()
                + (size() == 1 ? " event" : " events")
                + place
                + (bad.isEmpty() ? "" : " (" + listed(bad) + ")")
                + (size() == 0 ? "." : ": " + listed(sums(Count::type)) + ".");
    }

    private Map<String, Long> sums(Function<Count, String> by) {
        return counts.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.summingLong(Count::events)));
    }

    private static String listed(Map<String, Long> sums) {
        return sums.entrySet().stream()
                .map(sum -> sum.getValue() + " " + sum.getKey())
                .collect(Collectors.joining(", "));
    }
}
