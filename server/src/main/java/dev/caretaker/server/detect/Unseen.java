package dev.caretaker.server.detect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Objects that a check could not judge, and why, so that blindness is not taken for health. */
final class Unseen {
    /** Reasons that are told, and objects that are named with each. */
    private static final int TOLD = 5;

    private final Map<String, Group> byReason = new LinkedHashMap<>();

    /** Those with the same reason. */
    private static final class Group {
        private long objects;
        private final List<String> names = new ArrayList<>();
    }

    /**
     * @param objects how many they are
     * @param name of the object, if it is one; may be empty
     * @param reason a clause without its final stop; may be empty
     */
    void add(long objects, String name, String reason) {
        Group group = byReason.computeIfAbsent(reason, why -> new Group());
        group.objects += objects;
        if (!name.isEmpty() && group.names.size() < TOLD) {
            group.names.add(name);
        }
    }

    void addAll(Unseen others) {
        others.byReason.forEach((reason, group) -> {
            group.names.forEach(name -> add(0, name, reason));
            add(group.objects, "", reason);
        });
    }

    long objects() {
        return byReason.values().stream().mapToLong(group -> group.objects).sum();
    }

    /** {@code public.a, public.b and 3 more: no statistics}; empty if nothing is to be told. */
    String describe() {
        String told = byReason.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().isEmpty() || !entry.getValue().names.isEmpty())
                .limit(TOLD)
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; "));
        return byReason.size() > TOLD ? told + "; and others for other reasons" : told;
    }

    private static String describe(String reason, Group group) {
        long more = group.objects - group.names.size();
        String names =
                String.join(", ", group.names) + (more > 0 && !group.names.isEmpty() ? " and " + more + " more" : "");
        if (names.isEmpty()) {
            return reason;
        }
        return reason.isEmpty() ? names : names + ": " + reason;
    }
}
