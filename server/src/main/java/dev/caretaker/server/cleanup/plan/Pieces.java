package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.table.ForeignKey;
import dev.caretaker.server.cleanup.table.Relation;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cuts a policy's table into what can be dropped whole, what must be deleted by rows, and what holds nothing old. */
final class Pieces {
    private final Policy policy;
    private final TableTree tree;
    private final Map<Long, Position> positions;
    private final List<ForeignKey> keys;
    private final Set<Long> withDeleteTriggers;
    private final List<Piece> pieces = new ArrayList<>();

    private Pieces(PolicyFacts facts) {
        this.policy = facts.policy().policy();
        this.tree = facts.tree();
        this.positions = facts.positions();
        this.keys = facts.keys();
        this.withDeleteTriggers = new HashSet<>();
        facts.storage().forEach((oid, storage) -> {
            if (!storage.deleteTriggers().isEmpty()) {
                withDeleteTriggers.add(oid);
            }
        });
    }

    /**
     * In the order of the tree.
     *
     * @throws CaretakerException UNSUPPORTED_RELATION if a foreign table may hold old rows
     */
    static List<Piece> of(PolicyFacts facts) {
        Pieces pieces = new Pieces(facts);
        pieces.cut(facts.tree().root());
        return pieces.pieces;
    }

    private void cut(Relation relation) {
        Position position = positions.getOrDefault(relation.oid(), Position.MIXED);
        if (position == Position.YOUNG) {
            return;
        }
        boolean old = position == Position.OLD;
        Optional<String> obstacle = old ? obstacle(relation) : Optional.empty();
        if (old && obstacle.isEmpty()) {
            pieces.add(new Piece.Drop(relation));
            return;
        }
        switch (relation.kind()) {
            case TABLE -> {
                if (!relation.detachPending()) {
                    pieces.add(new Piece.Rows(relation, obstacle));
                }
            }
            case PARTITIONED -> {}
            case FOREIGN, VIEW, MATERIALIZED_VIEW, OTHER ->
                throw CaretakerException.of(
                        Reason.UNSUPPORTED_RELATION,
                        "\"" + relation.name() + "\", a partition or child of \""
                                + tree.root().name() + "\", is a "
                                + relation.kind() + " and may hold rows that policy " + policy.name()
                                + " would remove; only local tables can be cleaned.",
                        Map.of("relation", relation.name().toString(), "policy", policy.name()));
        }
        tree.children(relation).forEach(this::cut);
    }

    /** Why a partition whose rows are all old by its bounds may not be dropped. */
    private Optional<String> obstacle(Relation partition) {
        Relation parent = tree.parent(partition).orElseThrow();
        List<Relation> below = tree.subtree(partition);
        if (policy.filter().isPresent()) {
            return Optional.of("the policy's filter may spare rows of it");
        }
        if (policy.timeColumn().kind() == TimeColumn.Kind.UUID_V7) {
            return Optional.of("its bounds do not keep uuids of other versions out, which are never removed");
        }
        if (!parent.owned() || !partition.owned()) {
            return Optional.of(
                    "Caretaker's role does not own \"" + (partition.owned() ? parent : partition).name() + "\"");
        }
        if (below.stream().anyMatch(relation -> withDeleteTriggers.contains(relation.oid()))) {
            return Optional.of("its delete triggers would not fire");
        }
        if (below.stream()
                .anyMatch(relation ->
                        relation.kind() != Relation.Kind.TABLE && relation.kind() != Relation.Kind.PARTITIONED)) {
            return Optional.of("it holds foreign tables");
        }
        return referenceObstacle(partition, below);
    }

    private Optional<String> referenceObstacle(Relation partition, List<Relation> below) {
        Set<Long> referenced = new HashSet<>();
        tree.lineage(partition).forEach(relation -> referenced.add(relation.oid()));
        below.forEach(relation -> referenced.add(relation.oid()));
        for (ForeignKey key : keys) {
            if (key.depth() > 1 || !referenced.contains(key.parent())) {
                continue;
            }
            if (!key.onDelete().pins()) {
                return Optional.of("foreign key " + key.name() + " of \"" + key.childName() + "\" says ON DELETE "
                        + key.onDelete().sql() + ", which a drop would skip");
            }
            if (policy.skipPinned()) {
                return Optional.of("rows that \"" + key.childName() + "\" references are to be skipped");
            }
        }
        return Optional.empty();
    }
}
