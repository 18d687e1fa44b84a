package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What upkeep would do, dry and expiring.
 *
 * @param etag fingerprint of its content
 * @param sets the sets that it looks after, as they were
 * @param backup without which none of it is done, as far as it takes partitions away
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
        Optional<BackupDemand> backup,
        Optional<UUID> runId) {

    public UpkeepPlan {
        backup = Objects.requireNonNullElse(backup, Optional.empty()); // plans of earlier versions say nothing of it
    }

    UpkeepPlan executedBy(Optional<UUID> run) {
        return new UpkeepPlan(id, etag, target, sets, actions, warnings, created, expires, createdBy, backup, run);
    }

    /** Those without which its run does not begin. */
    List<NeededBackup> needed() {
        return backup
                .map(demand -> new NeededBackup("The plan", takenFrom(actions), demand))
                .filter(need -> !need.tables().isEmpty())
                .stream()
                .toList();
    }

    /** Tables that lose a partition; and detached partitions that are dropped, which belong to no table any more. */
    static List<TableName> takenFrom(List<PlannedAction> actions) {
        Set<TableName> detached = actions.stream()
                .filter(action -> action.action() instanceof UpkeepAction.Detach
                        || action.action() instanceof UpkeepAction.FinishDetach)
                .map(PlannedAction::relation)
                .collect(Collectors.toSet());
        return actions.stream()
                .flatMap(action -> switch (action.action()) {
                    case UpkeepAction.Detach detach -> Stream.of(action.table());
                    case UpkeepAction.FinishDetach finish -> Stream.of(action.table());
                    case UpkeepAction.Drop drop ->
                        Stream.of(action.relation()).filter(name -> !detached.contains(name));
                    default -> Stream.<TableName>empty();
                })
                .distinct()
                .toList();
    }
}
