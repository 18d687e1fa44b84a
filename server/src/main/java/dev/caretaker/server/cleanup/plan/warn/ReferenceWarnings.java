package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.KeyCosts;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Tally;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Publication;
import dev.caretaker.server.target.catalog.Relation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What foreign keys that reference the table do to a cleanup: along cascades, to any depth. */
final class ReferenceWarnings {

    private final String role;
    private final PolicyFacts facts;

    private ReferenceWarnings(String role, PolicyFacts facts) {
        this.role = role;
        this.facts = facts;
    }

    static List<PlanWarning> of(Facts all, PolicyFacts facts, List<PlannedStep> steps) {
        return new ReferenceWarnings(all.role(), facts).of(steps);
    }

    private List<PlanWarning> of(List<PlannedStep> steps) {
        boolean byRows = steps.stream().anyMatch(step -> step.work() instanceof Work.RemoveRows);
        List<PlanWarning> warnings = new ArrayList<>();
        for (ForeignKey key : touched(steps)) {
            if (byRows && !key.childIndexed()) {
                warnings.add(unindexed(key, rowsRemoved(steps)));
            }
            if (key.changesChild()) {
                warnings.add(changing(key));
                unpublishable(key).ifPresent(warnings::add);
            } else if (!isKnownEmpty(key)) {
                warnings.add(pinning(key));
            }
        }
        return warnings;
    }

    private Set<ForeignKey> touched(List<PlannedStep> steps) {
        Set<Long> oids = steps.stream().map(step -> step.work().oid()).collect(Collectors.toSet());
        Set<ForeignKey> keys = new LinkedHashSet<>();
        for (Relation relation : facts.tree().relations()) {
            if (oids.contains(relation.oid())) {
                keys.addAll(Eligibilities.concerning(facts.tree(), relation));
            }
        }
        return keys;
    }

    private boolean isKnownEmpty(ForeignKey key) {
        Tally tally = tally(key);
        return tally.rows() == 0 && tally.failure().isEmpty();
    }

    private static long rowsRemoved(List<PlannedStep> steps) {
        return steps.stream()
                .filter(step -> step.work() instanceof Work.RemoveRows)
                .mapToLong(step -> step.estimate().rows())
                .sum();
    }

    private PlanWarning unindexed(ForeignKey key, long rows) {
        KeyCosts costs = new KeyCosts(facts, false);
        Duration scan = Duration.ofNanos(Math.round(costs.search(key) * 1_000));
        Duration all = costs.of(key, rows).duration();
        boolean partitioned = Optional.ofNullable(facts.children().get(key.childOid()))
                .flatMap(child -> child.root().partitionKey())
                .isPresent();
        String remediation = key.indexColumns()
                .map(columns -> "CREATE INDEX " + (partitioned ? "" : "CONCURRENTLY ") + "ON "
                        + Identifiers.quote(key.child()) + " (" + columns + ");")
                .orElse("");
        String none = key.indexColumns().isPresent()
                ? "."
                : "; no index can serve it, because Postgres casts the referencing columns by a function that is not"
                        + " IMMUTABLE.";
        return warning(
                key,
                Code.UNINDEXED_FOREIGN_KEY,
                "Foreign key " + key.name() + " of " + key.child()
                        + " has no index that serves it: every deleted row of " + key.parent()
                        + " scans that table, which takes about " + Amounts.time(scan) + " each and "
                        + Amounts.time(all) + " in all" + none,
                true,
                remediation);
    }

    private PlanWarning changing(ForeignKey key) {
        Policy policy = facts.policy().policy();
        boolean cascade = key.onDelete() == ForeignKey.OnDelete.CASCADE;
        String what = switch (key.onDelete()) {
            case SET_NULL -> "Deletes set columns to NULL in ";
            case SET_DEFAULT -> "Deletes set columns to their default in ";
            case CASCADE, NO_ACTION, RESTRICT -> "Deletes cascade to ";
        };
        boolean allowed = policy.cascades().allow(key.child());
        return warning(
                key,
                cascade ? Code.CASCADE : Code.SET_NULL,
                what + key.child() + " through foreign key " + key.name() + " (rows: " + tally(key) + "); the policy "
                        + (allowed ? "allows it." : refusal(policy)),
                !allowed,
                tally(key).remedy(key.child(), role));
    }

    private static String refusal(Policy policy) {
        List<TableName> others = policy.cascades().tables();
        return others.isEmpty() ? "does not allow it." : "allows that only for " + Named.names(others) + ".";
    }

    /** The child is published in a way for which Postgres refuses what the key does to it, even where it finds no row. */
    private Optional<PlanWarning> unpublishable(ForeignKey key) {
        boolean deletes = key.onDelete() == ForeignKey.OnDelete.CASCADE;
        List<Relation> stored = Optional.ofNullable(facts.children().get(key.childOid()))
                .map(TableTree::stored)
                .orElse(List.of());
        Map<Relation, String> refused = new LinkedHashMap<>();
        for (Relation relation : stored) {
            (deletes ? relation.deletesRefused() : relation.updatesRefused())
                    .ifPresent(why -> refused.put(relation, why));
        }
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        List<TableName> names = refused.keySet().stream().map(Relation::name).toList();
        boolean wholeRow = refused.keySet().stream()
                .flatMap(relation -> relation.publications().stream())
                .allMatch(Publication::wholeRowHelps);
        String remedy = names.stream()
                .map(name -> "ALTER TABLE " + Identifiers.quote(name) + " REPLICA IDENTITY FULL;")
                .collect(Collectors.joining("\n"));
        return Optional.of(warning(
                key,
                Code.NO_REPLICA_IDENTITY,
                "Foreign key " + key.name() + (deletes ? " deletes rows of " : " updates rows of ") + Named.names(names)
                        + ", and Postgres refuses that: "
                        + refused.values().iterator().next() + ".",
                true,
                wholeRow ? remedy : ""));
    }

    private PlanWarning pinning(ForeignKey key) {
        boolean skippable = key.depth() == 1;
        boolean skipped = facts.policy().policy().skipPinned() && skippable;
        if (skippable && !key.comparable()) {
            return unaskable(key, skipped);
        }
        String consequence = skipped ? "those rows stay and are counted." : "the step will fail on them.";
        String hint = skippable && !skipped ? " If they are to stay, set skipPinned: true in the policy." : "";
        return warning(
                key,
                Code.PINNING_FOREIGN_KEY,
                "Rows of " + key.child() + " reference rows that would be removed, through foreign key " + key.name()
                        + " (referencing rows: " + tally(key) + "): "
                        + consequence + hint,
                false,
                tally(key).remedy(key.child(), role));
    }

    /** To leave out what rows refer to, they must be asked for, by whoever's function the key casts them with. */
    private PlanWarning unaskable(ForeignKey key, boolean blocking) {
        String consequence = blocking
                ? "so that rows they refer to cannot be skipped, as the policy wishes, and the step would fail on them."
                : "and the step will fail on rows that they refer to.";
        return warning(
                key,
                Code.PINNING_FOREIGN_KEY,
                "Rows of " + key.child() + " can reference rows that would be removed, through foreign key "
                        + key.name()
                        + ". It casts their columns with a function that a user made, which Caretaker does not run"
                        + " with its own rights: which rows they are is not asked, " + consequence,
                blocking,
                "");
    }

    private Tally tally(ForeignKey key) {
        return facts.childRows().getOrDefault(key, Tally.NONE);
    }

    private PlanWarning warning(ForeignKey key, Code code, String message, boolean blocking, String remediation) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("constraint", key.name());
        evidence.put("child", key.child().toString());
        evidence.put("child_columns", String.join(", ", key.childColumns()));
        evidence.put("on_delete", key.onDelete().sql());
        evidence.put("depth", Integer.toString(key.depth()));
        evidence.put("child_rows", tally(key).toString());
        return new PlanWarning(
                code,
                message,
                blocking,
                Optional.of(key.child()),
                facts.policy().policy().name(),
                evidence,
                remediation);
    }
}
