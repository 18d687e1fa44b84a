package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.table.Column;
import dev.caretaker.server.cleanup.table.ForeignKey;
import dev.caretaker.server.cleanup.table.Storage;
import dev.caretaker.server.cleanup.table.TableTree;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that the planner needs to know for one policy.
 *
 * @param cutoff rows strictly older are eligible
 * @param bound the cutoff in the time column's own terms
 * @param positions by oid; a relation that is missing is MIXED
 * @param keys foreign keys that reference the table or that its cascades reach
 * @param storage by oid, of every relation with rows that is not YOUNG
 * @param states by oid, of the same and of partitioned ones
 * @param measured by oid, of what is deleted by rows, and of what is dropped if exact counts were asked for
 * @param childRows for each of {@code keys}, rows that deletes would change or that hold rows back
 * @param suspicious eligible rows whose time looks like a default
 * @param neverEligible rows whose time is NULL, infinite or of another uuid version
 */
record PolicyFacts(
        StoredPolicy policy,
        Instant cutoff,
        String bound,
        TableTree tree,
        Map<Long, Position> positions,
        List<ForeignKey> keys,
        Map<Long, Storage> storage,
        Map<Long, RelationState> states,
        Map<Long, Measured> measured,
        Map<ForeignKey, Tally> childRows,
        Tally suspicious,
        Tally neverEligible) {

    Column timeColumn() {
        return tree.column(policy.policy().timeColumn().name()).orElseThrow();
    }
}
