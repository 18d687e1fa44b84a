package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cuts a policy's table into what can be dropped whole, what must be deleted by rows, and what holds nothing old. */
public final class Pieces {
    private final Policy policy;
    private final TableTree tree;
    private final Map<Long, Age> ages;
    private final List<ForeignKey> keys;
    private final PolicyFacts facts;
    private final List<Piece> pieces = new ArrayList<>();

    private Pieces(PolicyFacts facts) {
        this.facts = facts;
        this.policy = facts.policy().policy();
        this.tree = facts.tree();
        this.ages = facts.ages();
        this.keys = facts.keys();
    }

    /** In the order of the tree; foreign tables are left out. */
    public static List<Piece> of(PolicyFacts facts) {
        Pieces pieces = new Pieces(facts);
        pieces.cut(facts.tree().root(), Optional.empty());
        return pieces.pieces;
    }

    /** @param above why what is above it is not dropped, though all of it is old */
    private void cut(Relation relation, Optional<String> above) {
        Age age = ages.getOrDefault(relation.oid(), Age.MIXED);
        if (age == Age.YOUNG) {
            return;
        }
        boolean old = age == Age.OLD;
        Optional<String> obstacle = old ? obstacle(relation) : above;
        if (old && obstacle.isEmpty()) {
            pieces.add(new Piece.Drop(relation));
            return;
        }
        if (TableTree.hasRows(relation) && !isDetachPending(relation)) {
            pieces.add(new Piece.Rows(relation, obstacle));
        }
        tree.children(relation).forEach(child -> cut(child, obstacle));
    }

    public static boolean isDetachPending(Relation relation) {
        return relation.membership().map(Relation.Membership::detachPending).orElse(false);
    }

    /** Why a partition whose rows are all old by its bounds may not be dropped. */
    private Optional<String> obstacle(Relation partition) {
        Relation parent = tree.parent(partition).orElseThrow();
        List<Relation> below = tree.subtree(partition);
        if (policy.keeping().isPresent()) {
            return Optional.of("something is kept of each row, which is copied in the statement that deletes it");
        }
        if (policy.filter().isPresent()) {
            return Optional.of("the policy's filter may spare rows of it");
        }
        if (policy.timeColumn().kind() == TimeColumn.Kind.UUID_V7) {
            return Optional.of("its bounds do not keep uuids of other versions out, which are never removed");
        }
        if (!parent.rights().owns() || !partition.rights().owns()) {
            return Optional.of("Caretaker's role does not own \""
                    + (partition.rights().owns() ? parent : partition).name() + "\"");
        }
        if (below.stream().anyMatch(relation -> relation.triggers().stream().anyMatch(Trigger::fires))) {
            return Optional.of("its delete triggers would not fire");
        }
        List<Trigger> above = RootTriggers.of(tree);
        if (!above.isEmpty()) {
            return Optional.of("trigger " + above.getFirst().readable() + " of \""
                    + tree.root().name() + "\" would not fire");
        }
        if (below.stream()
                .anyMatch(relation ->
                        relation.kind() != RelationKind.TABLE && relation.kind() != RelationKind.PARTITIONED_TABLE)) {
            return Optional.of("it holds foreign tables");
        }
        Optional<String> refused = facts.drops().obstacle(partition);
        if (refused.isPresent()) {
            return refused;
        }
        Optional<String> circle = facts.selfReferences().obstacle(partition);
        return circle.isPresent() ? circle : referenceObstacle(partition, below);
    }

    private Optional<String> referenceObstacle(Relation partition, List<Relation> below) {
        Set<Long> referenced = new HashSet<>();
        tree.lineage(partition).forEach(relation -> referenced.add(relation.oid()));
        below.forEach(relation -> referenced.add(relation.oid()));
        for (ForeignKey key : keys) {
            if (key.depth() > 1 || !referenced.contains(key.parentOid())) {
                continue;
            }
            if (key.changesChild()) {
                return Optional.of("foreign key " + key.name() + " of \"" + key.child() + "\" says ON DELETE "
                        + key.onDelete().sql() + ", which a drop would skip");
            }
            if (policy.skipPinned()) {
                return Optional.of("rows that \"" + key.child() + "\" references are to be skipped");
            }
        }
        return Optional.empty();
    }
}
