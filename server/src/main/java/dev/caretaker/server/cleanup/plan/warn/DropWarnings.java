package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.facts.Pieces;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands against detaching and dropping partitions, or may. */
final class DropWarnings {
    private final PolicyFacts policy;
    private final List<PlanWarning> warnings = new ArrayList<>();

    private DropWarnings(PolicyFacts policy) {
        this.policy = policy;
    }

    static List<PlanWarning> of(PolicyFacts policy, List<PlannedStep> steps) {
        DropWarnings drops = new DropWarnings(policy);
        drops.notDropped(steps);
        List<Relation> dropped = new ArrayList<>();
        Set<Long> concurrently = new HashSet<>();
        for (PlannedStep step : steps) {
            if (step.work() instanceof Work.DropPartition drop) {
                dropped.add(policy.tree().get(drop.oid()));
                if (drop.parameters().concurrently()) {
                    concurrently.add(drop.parameters().parentOid());
                }
            }
        }
        if (!dropped.isEmpty()) {
            drops.eventTriggers(dropped);
            drops.unfinished(dropped, concurrently);
        }
        return drops.warnings;
    }

    private void notDropped(List<PlannedStep> steps) {
        Map<String, List<TableName>> byObstacle = new LinkedHashMap<>();
        for (PlannedStep step : steps) {
            if (step.work() instanceof Work.RemoveRows rows) {
                policy.drops()
                        .obstacle(policy.tree().get(rows.oid()))
                        .ifPresent(why -> byObstacle
                                .computeIfAbsent(why, obstacle -> new ArrayList<>())
                                .add(step.relation()));
            }
        }
        byObstacle.forEach((why, partitions) -> add(
                Code.NOT_DROPPED,
                Named.names(partitions)
                        + (partitions.size() == 1
                                ? " is old as a whole, but it is"
                                : " are old as a whole, but each is")
                        + " deleted by rows and not dropped: " + why + ".",
                false,
                partitions,
                ""));
    }

    private void eventTriggers(List<Relation> dropped) {
        List<String> triggers = policy.drops().eventTriggers();
        if (!triggers.isEmpty()) {
            add(
                    Code.EVENT_TRIGGER,
                    "Event triggers fire when partitions are detached and dropped, and may refuse it: "
                            + String.join(", ", triggers)
                            + ". So each partition is first detached and dropped in a transaction that is rolled back,"
                            + " which may lock the table above it ACCESS EXCLUSIVE for half a second.",
                    false,
                    dropped.stream().map(Relation::name).toList(),
                    "");
        }
    }

    /** One of the table's partitions that a detach was begun of is in the way, unless the plan finishes it. */
    private void unfinished(List<Relation> dropped, Set<Long> concurrently) {
        Set<Long> finished = new HashSet<>();
        dropped.forEach(partition -> finished.add(partition.oid()));
        for (Relation partition : policy.tree().relations()) {
            Optional<Relation> parent = policy.tree().parent(partition);
            boolean inTheWay = Pieces.isDetachPending(partition)
                    && !finished.contains(partition.oid())
                    && parent.filter(above -> concurrently.contains(above.oid()))
                            .isPresent();
            if (inTheWay) {
                add(
                        Code.DETACH_PENDING,
                        "A detach of " + partition.name() + " was begun and not finished; as long as it is, no other"
                                + " partition of " + parent.orElseThrow().name() + " can be detached.",
                        true,
                        List.of(partition.name()),
                        "ALTER TABLE " + Identifiers.quote(parent.orElseThrow().name()) + " DETACH PARTITION "
                                + Identifiers.quote(partition.name()) + " FINALIZE;");
            }
        }
    }

    private void add(Code code, String message, boolean blocking, List<TableName> relations, String remediation) {
        TableName relation = relations.size() == 1
                ? relations.getFirst()
                : policy.tree().root().name();
        warnings.add(new PlanWarning(
                code,
                message,
                blocking,
                Optional.of(relation),
                policy.policy().policy().name(),
                Map.of("relations", Named.names(relations), "count", Integer.toString(relations.size())),
                remediation));
    }
}
