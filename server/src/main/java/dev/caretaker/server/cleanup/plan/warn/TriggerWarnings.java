package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.RootTriggers;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which statement triggers fire, and which do not although somebody may count on them. */
final class TriggerWarnings {
    private static final int MOST_TRIGGERS = 5;

    private final PolicyFacts policy;
    private final List<PlanWarning> warnings = new ArrayList<>();

    private TriggerWarnings(PolicyFacts policy) {
        this.policy = policy;
    }

    static List<PlanWarning> of(PolicyFacts policy, List<PlannedStep> steps) {
        TriggerWarnings triggers = new TriggerWarnings(policy);
        triggers.ofRoot(steps);
        triggers.between(steps);
        triggers.ofTruncate(steps);
        return triggers.warnings;
    }

    private void ofRoot(List<PlannedStep> steps) {
        List<Trigger> root = RootTriggers.of(policy.tree());
        if (root.isEmpty()) {
            return;
        }
        List<Relation> fired = new ArrayList<>();
        List<Relation> missed = new ArrayList<>();
        for (PlannedStep step : steps) {
            if (step.work() instanceof Work.RemoveRows rows) {
                Relation relation = policy.tree().get(rows.oid());
                (rows.parameters().byRoot().isPresent() ? fired : missed).add(relation);
            }
        }
        String table = policy.tree().root().name().toString();
        if (!fired.isEmpty()) {
            add(
                    Code.DELETE_TRIGGER,
                    "Rows of " + names(fired) + " are deleted in the name of " + table
                            + ", so that its triggers fire, once a batch: " + readable(root)
                            + ". Statement triggers of the partitions themselves do not.",
                    false,
                    root);
        }
        if (!missed.isEmpty()) {
            add(
                    Code.TRIGGER_NOT_FIRED,
                    "Triggers of " + table + " do not fire for deletes from " + names(missed) + ": " + readable(root)
                            + ". Its bounds, or rows that refer to one another, do not allow to delete in the table's"
                            + " name.",
                    true,
                    root);
        }
    }

    /** As with a DELETE that names the table: those of partitioned tables below it do not fire for it either. */
    private void between(List<PlannedStep> steps) {
        Set<Trigger> unfired = new LinkedHashSet<>();
        Set<Relation> having = new LinkedHashSet<>();
        for (PlannedStep step : steps) {
            touched(step).stream()
                    .flatMap(relation -> policy.tree().lineage(relation).stream())
                    .filter(relation -> !relation.isLeaf()
                            && relation.oid() != policy.tree().root().oid())
                    .filter(relation -> !RootTriggers.statement(relation).isEmpty())
                    .forEach(relation -> {
                        having.add(relation);
                        unfired.addAll(RootTriggers.statement(relation));
                    });
        }
        if (!unfired.isEmpty()) {
            add(
                    Code.TRIGGER_NOT_FIRED,
                    "Statement triggers of " + names(having) + " do not fire, as they would not for a DELETE from "
                            + policy.tree().root().name() + ": " + readable(unfired) + ".",
                    false,
                    unfired);
        }
    }

    /** Who empties partitions by TRUNCATE may count on them; a drop fires no trigger of a table. */
    private void ofTruncate(List<PlannedStep> steps) {
        Set<Trigger> unfired = new LinkedHashSet<>();
        Set<Relation> having = new LinkedHashSet<>();
        List<Relation> dropped = new ArrayList<>();
        for (PlannedStep step : steps) {
            if (step.work() instanceof Work.DropPartition drop) {
                Relation partition = policy.tree().get(drop.oid());
                dropped.add(partition);
                Stream.concat(policy.tree().lineage(partition).stream(), policy.tree().subtree(partition).stream())
                        .forEach(relation -> relation.triggers().stream()
                                .filter(Trigger::firesForTruncateAlone)
                                .forEach(trigger -> {
                                    having.add(relation);
                                    unfired.add(trigger);
                                }));
            }
        }
        if (!unfired.isEmpty()) {
            add(
                    Code.TRIGGER_NOT_FIRED,
                    "Triggers on TRUNCATE of " + names(having) + " do not fire where partitions are dropped: "
                            + readable(unfired) + ". Dropped are " + names(dropped) + ".",
                    false,
                    unfired);
        }
    }

    private List<Relation> touched(PlannedStep step) {
        return switch (step.work()) {
            case Work.RemoveRows rows -> List.of(policy.tree().get(rows.oid()));
            case Work.DropPartition drop -> List.of(policy.tree().get(drop.oid()));
            case Work.Vacuum vacuum -> List.of();
        };
    }

    private static String readable(Iterable<Trigger> triggers) {
        return stream(triggers).map(Trigger::readable).limit(MOST_TRIGGERS).collect(Collectors.joining(", "));
    }

    private static <T> Stream<T> stream(Iterable<T> some) {
        List<T> all = new ArrayList<>();
        some.forEach(all::add);
        return all.stream();
    }

    private static String names(Iterable<Relation> relations) {
        return Named.names(stream(relations).map(Relation::name).toList());
    }

    private void add(Code code, String message, boolean blocking, Iterable<Trigger> triggers) {
        warnings.add(new PlanWarning(
                code,
                message,
                blocking,
                Optional.of(policy.tree().root().name()),
                policy.policy().policy().name(),
                Map.of("triggers", readable(triggers)),
                ""));
    }
}
