package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.choice.IndexRecipe;
import dev.caretaker.server.cleanup.plan.facts.Age;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.IndexPaths;
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Staleness;
import dev.caretaker.server.cleanup.plan.facts.Storage;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the table's own properties do to a cleanup. One warning a matter, however many partitions it concerns. */
final class TableWarnings {
    private static final int MOST_TRIGGERS = 5;

    private final Facts facts;
    private final PolicyFacts policy;
    private final List<Relation> byRows = new ArrayList<>();
    private final List<Relation> dropped = new ArrayList<>();
    private final List<Relation> detachedUnderLock = new ArrayList<>();
    private final RelationWarnings warnings;
    private boolean byRoot;

    private TableWarnings(Facts facts, PolicyFacts policy, List<PlannedStep> steps) {
        this.facts = facts;
        this.policy = policy;
        this.warnings = new RelationWarnings(policy);
        for (PlannedStep step : steps) {
            switch (step.work()) {
                case Work.RemoveRows rows -> {
                    byRows.add(policy.tree().get(rows.oid()));
                    byRoot |= rows.parameters().byRoot().isPresent();
                }
                case Work.DropPartition drop -> {
                    Relation partition = policy.tree().get(drop.oid());
                    dropped.addAll(policy.tree().subtree(partition));
                    if (!drop.parameters().concurrently()) {
                        detachedUnderLock.add(partition);
                    }
                }
                case Work.Vacuum vacuum -> {}
            }
        }
    }

    static List<PlanWarning> of(Facts facts, PolicyFacts policy, List<PlannedStep> steps) {
        TableWarnings table = new TableWarnings(facts, policy, steps);
        table.foreignTables();
        table.rowSecurity();
        table.triggers();
        table.publications();
        table.indexes();
        table.statistics();
        table.detaches();
        table.measurements();
        return table.warnings.all();
    }

    private void foreignTables() {
        List<Relation> leftOut = which(
                policy.tree().relations(),
                relation -> relation.kind() == RelationKind.FOREIGN_TABLE
                        && policy.ages().get(relation.oid()) != Age.YOUNG);
        if (!leftOut.isEmpty()) {
            warnings.add(
                    Code.FOREIGN_PARTITION,
                    leftOut,
                    "Rows of " + Named.relations(leftOut)
                            + " stay, however old they are: only local tables are cleaned, and "
                            + (leftOut.size() == 1 ? "this is a foreign one." : "these are foreign ones."),
                    false,
                    "");
        }
    }

    private void rowSecurity() {
        List<Relation> named = new ArrayList<>(byRows);
        if (byRoot) {
            named.add(policy.tree().root());
        }
        List<Relation> hidden = which(named, relation -> relation.rowSecurity().appliesToUs());
        if (!hidden.isEmpty()) {
            warnings.add(
                    Code.ROW_SECURITY,
                    hidden,
                    "Row security hides rows of " + Named.relations(hidden) + " from role " + facts.role()
                            + ", so nothing can be deleted there.",
                    true,
                    "ALTER ROLE " + Identifiers.quote(facts.role()) + " BYPASSRLS;");
            return;
        }
        List<Relation> enabled = which(named, relation -> relation.rowSecurity().enabled());
        if (!enabled.isEmpty()) {
            warnings.add(
                    Code.ROW_SECURITY,
                    enabled,
                    "Row security is enabled on " + Named.relations(enabled) + "; role " + facts.role()
                            + " is not subject to it.",
                    false,
                    "");
        }
    }

    private void triggers() {
        List<Relation> fired =
                stored(byRows, (relation, storage) -> !storage.deleteTriggers().isEmpty());
        if (!fired.isEmpty()) {
            boolean keeping = fired.stream()
                    .flatMap(relation -> storage(relation).deleteTriggers().stream())
                    .anyMatch(trigger -> trigger.timing() == Trigger.Timing.BEFORE && trigger.eachRow());
            String triggers = fired.stream()
                    .flatMap(relation -> storage(relation).deleteTriggers().stream())
                    .map(Trigger::readable)
                    .distinct()
                    .limit(MOST_TRIGGERS)
                    .collect(Collectors.joining(", "));
            warnings.add(
                    Code.DELETE_TRIGGER,
                    fired,
                    "Triggers fire on deletes from " + Named.relations(fired) + ": " + triggers + "."
                            + (keeping
                                    ? " One before each row can keep it by returning NULL; the step stops where that"
                                            + " happens."
                                    : ""),
                    false,
                    "",
                    Map.of("triggers", triggers));
        }
    }

    private void publications() {
        new PublicationWarnings(policy, warnings).of(byRows, dropped);
    }

    private void indexes() {
        String time = policy.timeColumn().name();
        Optional<Filter> filter = policy.policy().policy().filter();
        List<Relation> without = stored(
                byRows,
                (relation, storage) ->
                        IndexPaths.best(relation.indexes(), time, filter).isEmpty());
        if (!without.isEmpty()) {
            List<String> columns = IndexPaths.wanted(time, filter);
            warnings.add(
                    Code.NO_INDEX,
                    without,
                    "No index on " + Named.relations(without) + " leads to the policy's rows; one on ("
                            + String.join(", ", columns) + ") would.",
                    false,
                    IndexRecipe.sql(policy.tree(), without, columns));
        }
    }

    private void statistics() {
        List<Relation> stale = stored(
                byRows,
                (relation, storage) -> storage.heapBytes() > 0 && Staleness.isStale(relation.statistics(), storage));
        if (!stale.isEmpty()) {
            warnings.add(
                    Code.STALE_STATISTICS,
                    stale,
                    "Statistics of " + Named.relations(stale) + " are missing or stale, so estimates "
                            + (stale.stream().allMatch(this::isLookedAt) ? "of bytes and time " : "") + "are rough.",
                    false,
                    Named.lines(stale, name -> "ANALYZE " + name + ";"));
        }
    }

    /** Whether its rows were counted or sampled. */
    private boolean isLookedAt(Relation relation) {
        return policy.measured(relation)
                .filter(measured -> measured.exact() || measured.margin().isPresent())
                .isPresent();
    }

    private void detaches() {
        if (!detachedUnderLock.isEmpty()) {
            warnings.add(
                    Code.BLOCKING_DETACH,
                    detachedUnderLock,
                    "Detaching " + Named.relations(detachedUnderLock)
                            + " locks the parent table ACCESS EXCLUSIVE for a moment each: a default"
                            + " partition rules CONCURRENTLY out.",
                    false,
                    "");
        }
    }

    private void measurements() {
        List<Relation> slow = measured(Measured::timedOut);
        if (!slow.isEmpty()) {
            warnings.add(
                    Code.COUNT_TIMEOUT,
                    slow,
                    "Counting rows of " + Named.relations(slow) + " took too long; the figures are estimates.",
                    false,
                    "");
        }
        List<Relation> unprobed = measured(measured -> measured.probeSkipped().isPresent());
        if (!unprobed.isEmpty()) {
            String why = policy.measured(unprobed.getFirst())
                    .flatMap(Measured::probeSkipped)
                    .orElseThrow();
            warnings.add(
                    Code.PROBE_SKIPPED,
                    unprobed,
                    "No probe on " + Named.relations(unprobed) + ": " + why + ".",
                    false,
                    "");
        }
    }

    private List<Relation> measured(Predicate<Measured> test) {
        return policy.tree().relations().stream()
                .filter(relation -> policy.measured(relation).filter(test).isPresent())
                .toList();
    }

    private Storage storage(Relation relation) {
        return policy.storage(relation);
    }

    private List<Relation> stored(List<Relation> relations, BiPredicate<Relation, Storage> test) {
        return which(relations, relation -> TableTree.hasRows(relation) && test.test(relation, storage(relation)));
    }

    private static List<Relation> which(List<Relation> relations, Predicate<Relation> test) {
        return relations.stream().filter(test).toList();
    }
}
