package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.store.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What upkeep would do, dry and expiring.
 *
 * @param etag fingerprint of its content
 * @param sets the sets that it looks after, as they were
 * @param runId run that executed it, if any
 */
public record UpkeepPlan(
        UUID id,
        String etag,
        String target,
        List<StoredSet> sets,
        List<PlannedAction> actions,
        List<UpkeepWarning> warnings,
        Instant created,
        Instant expires,
        Actor createdBy,
        Optional<UUID> runId) {

    UpkeepPlan executedBy(Optional<UUID> run) {
        return new UpkeepPlan(id, etag, target, sets, actions, warnings, created, expires, createdBy, run);
    }
}
