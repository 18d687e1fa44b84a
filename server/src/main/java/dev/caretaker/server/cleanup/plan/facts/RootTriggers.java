package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.ByRoot;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionKey;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.List;
import java.util.Optional;

/**
 * Statement triggers of the table that a policy names. Postgres fires them, with their transition tables, only for statements that
 * name that very table: not for a DELETE FROM ONLY a partition, and not for a drop. Row triggers are copied to partitions and
 * fire there.
 */
public final class RootTriggers {
    private RootTriggers() {}

    /** Those that fire on DELETE in an ordinary session, by name; none if the table is not partitioned. */
    public static List<Trigger> of(TableTree tree) {
        return tree.root().isLeaf() ? List.of() : statement(tree.root());
    }

    /** Statement triggers of one relation that fire on DELETE in an ordinary session. */
    public static List<Trigger> statement(Relation relation) {
        return relation.triggers().stream()
                .filter(trigger -> trigger.fires() && !trigger.eachRow())
                .toList();
    }

    /**
     * How rows of a partition are deleted so that they fire; empty if there are none, or if it cannot be done without reading all
     * other partitions: bounds that are a hash, or all that others do not take, prune nothing.
     */
    public static Optional<ByRoot> way(TableTree tree, Relation partition) {
        boolean prunes = tree.lineage(partition).stream()
                .filter(relation -> relation.oid() != tree.root().oid())
                .allMatch(relation -> isBounded(tree, relation));
        return of(tree).isEmpty() || !prunes
                ? Optional.empty()
                : Optional.of(new ByRoot(tree.root().oid(), tree.root().name()));
    }

    private static boolean isBounded(TableTree tree, Relation relation) {
        boolean hashed = tree.parent(relation)
                .flatMap(Relation::partitionKey)
                .filter(key -> key.strategy() == PartitionKey.Strategy.HASH)
                .isPresent();
        boolean rest = relation.membership()
                .filter(membership -> membership.bound() instanceof PartitionBound.Default)
                .isPresent();
        return !hashed && !rest;
    }
}
