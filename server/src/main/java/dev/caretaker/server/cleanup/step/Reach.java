package dev.caretaker.server.cleanup.step;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows with those that refer to them, directly or through others: all of them, or the nearest ones. */
final class Reach {
    /** That may go. */
    private final Set<Row> eligible;
    /** That may not, and that something here refers to. */
    private final Set<Row> staying = new LinkedHashSet<>();
    /** Referring row → rows it refers to. */
    private final Map<Row, List<Row>> referred = new HashMap<>();
    /** Rows that something refers to. */
    private final Set<Row> followed = new HashSet<>();

    private boolean complete;

    Reach(Collection<Row> seeds) {
        this.eligible = new LinkedHashSet<>(seeds);
    }

    void add(Row row, Row referring, boolean goes) {
        (goes ? eligible : staying).add(referring);
        referred.computeIfAbsent(referring, some -> new ArrayList<>()).add(row);
        followed.add(row);
    }

    void complete(boolean all) {
        complete = all;
    }

    /** Whether no row refers to these but those that are here. */
    boolean isComplete() {
        return complete;
    }

    /** Eligible rows that a row refers to which stays, directly or through others; {@code held} is known of some. */
    Set<Row> held(Set<Row> known) {
        Deque<Row> open = new ArrayDeque<>(staying);
        eligible.stream().filter(known::contains).forEach(open::add);
        Set<Row> held = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            for (Row row : referred.getOrDefault(open.pop(), List.of())) {
                if (held.add(row)) {
                    open.push(row);
                }
            }
        }
        return held;
    }

    /** Eligible rows but for these. */
    Set<Row> without(Set<Row> held) {
        Set<Row> rest = new LinkedHashSet<>(eligible);
        rest.removeAll(held);
        return rest;
    }

    /** Of a part: the rows farthest from its beginning, to which nothing here refers. */
    List<Row> ends(Set<Row> except, int most) {
        List<Row> ends = eligible.stream()
                .filter(row -> !followed.contains(row) && !except.contains(row))
                .toList();
        return ends.subList(Math.max(0, ends.size() - most), ends.size());
    }
}
