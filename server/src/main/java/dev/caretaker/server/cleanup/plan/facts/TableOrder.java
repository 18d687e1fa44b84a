package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * In which order a plan's tables are cleaned: those first whose rows refer to rows of others. Tables that refer to each other
 * in a circle, or to themselves, are cleaned together.
 */
public final class TableOrder {
    /** Table → tables whose rows can hold its rows back, by oid. */
    private final Map<Long, Set<Long>> referrers = new LinkedHashMap<>();
    /** Table → tables it leads to, against the direction of references. */
    private final Map<Long, Set<Long>> reachable = new HashMap<>();
    /** Any relation of the plan's tables → its table. */
    private final Map<Long, Long> tables = new HashMap<>();

    /** @param trees of the plan's tables; one may come several times */
    public TableOrder(Collection<TableTree> trees) {
        for (TableTree tree : trees) {
            for (Relation relation : tree.relations()) {
                tables.put(relation.oid(), tree.root().oid());
            }
        }
        for (TableTree tree : trees) {
            Set<Long> own = referrers.computeIfAbsent(tree.root().oid(), oid -> new LinkedHashSet<>());
            tree.incomingKeys().stream()
                    .filter(key -> !key.changesChild() && tables.containsKey(key.childOid()))
                    .forEach(key -> own.add(tables.get(key.childOid())));
        }
        referrers.keySet().forEach(table -> reachable.put(table, reach(table)));
    }

    private Set<Long> reach(long table) {
        Set<Long> reached = new LinkedHashSet<>();
        Deque<Long> open = new ArrayDeque<>(referrers.get(table));
        while (!open.isEmpty()) {
            long next = open.pop();
            if (reached.add(next)) {
                open.addAll(referrers.get(next));
            }
        }
        return reached;
    }

    /**
     * Tables that are cleaned together.
     *
     * @param circle whether their rows refer to each other in a circle, or to themselves
     */
    public record Group(Set<Long> tables, boolean circle) {}

    /** Groups that wait for nothing, then those that wait only for these, and so on. */
    public List<List<Group>> levels() {
        Map<Integer, List<Group>> levels = new TreeMap<>();
        Map<Long, Integer> known = new HashMap<>();
        Set<Long> grouped = new LinkedHashSet<>();
        for (long table : referrers.keySet()) {
            if (!grouped.contains(table)) {
                Set<Long> circle = circle(table);
                grouped.addAll(circle);
                Group group = new Group(circle, isCircular(table));
                levels.computeIfAbsent(level(table, known), level -> new ArrayList<>())
                        .add(group);
            }
        }
        return List.copyOf(levels.values());
    }

    private int level(long table, Map<Long, Integer> known) {
        if (!known.containsKey(table)) {
            Set<Long> circle = circle(table);
            int below = -1;
            for (long other : reachable.get(table)) {
                if (!circle.contains(other)) {
                    below = Math.max(below, level(other, known));
                }
            }
            known.put(table, below + 1);
        }
        return known.get(table);
    }

    /** The table with those that it refers to and that refer to it, directly or through others. */
    private Set<Long> circle(long table) {
        Set<Long> circle = new LinkedHashSet<>(Set.of(table));
        reachable.get(table).stream()
                .filter(other -> reachable.get(other).contains(table))
                .forEach(circle::add);
        return circle;
    }

    private boolean isCircular(long table) {
        return reachable.get(table).contains(table);
    }

    /** Keys that reference a table directly from within its circle, and by which the referring rows may be asked for. */
    Set<Long> circularKeys(TableTree tree) {
        Set<Long> circle = circle(tree.root().oid());
        return tree.incomingKeys().stream()
                .filter(key -> key.canBeSkipped()
                        && isCircular(tree.root().oid())
                        && tables.containsKey(key.childOid())
                        && circle.contains(tables.get(key.childOid())))
                .map(ForeignKey::oid)
                .collect(Collectors.toSet());
    }

    /** The table that a relation belongs to. */
    long table(long relation) {
        return tables.get(relation);
    }
}
