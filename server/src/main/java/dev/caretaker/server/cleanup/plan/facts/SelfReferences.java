package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What references between the partitions of one table mean for dropping them. */
public final class SelfReferences {
    private final TableTree tree;
    private final Map<Long, Set<Long>> referrers;

    /** @param referrers as {@link PartitionReferrers} read them */
    SelfReferences(TableTree tree, Map<Long, Set<Long>> referrers) {
        this.tree = tree;
        this.referrers = referrers;
    }

    /** Why Postgres would not detach a partition even if all that is older than the cutoff went with it. */
    Optional<String> obstacle(Relation partition) {
        Optional<Relation> known = asked(partition);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Set<Long> own = oids(known.get());
        if (referrers.get(known.get().oid()).stream().anyMatch(own::contains)) {
            return Optional.of("rows of it refer to one another, and Postgres then does not detach it");
        }
        return circle(known.get())
                .map(other -> "rows of it and of \"" + other.name()
                        + "\" refer to each other, and Postgres then detaches" + " neither");
    }

    /**
     * These partitions with those first whose rows refer to others of them. Where that is not known the newest come first, if
     * the tree has them in order of time: rows mostly refer to older ones.
     *
     * @param goneBefore relations whose rows hold nothing back any more
     */
    public List<Relation> inOrder(List<Relation> partitions, Set<Long> goneBefore) {
        List<Relation> left = new ArrayList<>(partitions.reversed());
        Set<Long> gone = new HashSet<>(goneBefore);
        List<Relation> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Relation next = left.stream()
                    .filter(partition -> isFree(partition, gone))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            gone.addAll(oids(next));
            ordered.add(next);
        }
        return ordered;
    }

    /** Whether it is known that no row refers to the partition but those of relations that are gone. */
    public boolean isFree(Relation partition, Set<Long> gone) {
        return Optional.ofNullable(referrers.get(partition.oid()))
                .map(gone::containsAll)
                .orElse(false);
    }

    /** Another partition from which a way of references leads here, and one back. */
    private Optional<Relation> circle(Relation partition) {
        Set<Long> own = oids(partition);
        Set<Long> seen = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(referrers.get(partition.oid()));
        while (!open.isEmpty()) {
            Relation other = tree.get(open.pop());
            Optional<Relation> known = asked(other);
            if (known.isPresent() && seen.add(known.get().oid())) {
                if (referrers.get(known.get().oid()).stream().anyMatch(own::contains)) {
                    return known;
                }
                open.addAll(referrers.get(known.get().oid()));
            }
        }
        return Optional.empty();
    }

    /** The relation, or the nearest one above it, of which the referring rows are known. */
    private Optional<Relation> asked(Relation relation) {
        return tree.lineage(relation).stream()
                .filter(above -> referrers.containsKey(above.oid()))
                .findFirst();
    }

    private Set<Long> oids(Relation partition) {
        return tree.subtree(partition).stream().map(Relation::oid).collect(Collectors.toSet());
    }
}
