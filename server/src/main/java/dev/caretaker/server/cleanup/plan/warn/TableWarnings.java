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
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Publication;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What the table's own properties do to a cleanup. One warning a matter, however many partitions it concerns. */
final class TableWarnings {
    private static final int MOST_TRIGGERS = 5;

    private final Facts facts;
    private final PolicyFacts policy;
    private final List<Relation> byRows = new ArrayList<>();
    private final List<Relation> dropped = new ArrayList<>();
    private final List<Relation> detachedUnderLock = new ArrayList<>();
    private boolean byRoot;
    private final List<PlanWarning> warnings = new ArrayList<>();

    private TableWarnings(Facts facts, PolicyFacts policy, List<PlannedStep> steps) {
        this.facts = facts;
        this.policy = policy;
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
        return table.warnings;
    }

    private void foreignTables() {
        List<Relation> leftOut = which(
                policy.tree().relations(),
                relation -> relation.kind() == RelationKind.FOREIGN_TABLE
                        && policy.ages().get(relation.oid()) != Age.YOUNG);
        if (!leftOut.isEmpty()) {
            add(
                    Code.FOREIGN_PARTITION,
                    leftOut,
                    "Rows of " + names(leftOut) + " stay, however old they are: only local tables are cleaned, and "
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
            add(
                    Code.ROW_SECURITY,
                    hidden,
                    "Row security hides rows of " + names(hidden) + " from role " + facts.role()
                            + ", so nothing can be deleted there.",
                    true,
                    "ALTER ROLE " + Identifiers.quote(facts.role()) + " BYPASSRLS;");
            return;
        }
        List<Relation> enabled = which(named, relation -> relation.rowSecurity().enabled());
        if (!enabled.isEmpty()) {
            add(
                    Code.ROW_SECURITY,
                    enabled,
                    "Row security is enabled on " + names(enabled) + "; role " + facts.role()
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
            add(
                    Code.DELETE_TRIGGER,
                    fired,
                    "Triggers fire on deletes from " + names(fired) + ": " + triggers + "."
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
        List<Relation> unidentified = stored(byRows, (relation, storage) -> relation.deletesCannotBePublished());
        if (!unidentified.isEmpty()) {
            add(
                    Code.NO_REPLICA_IDENTITY,
                    unidentified,
                    "Deletes from " + names(unidentified)
                            + " are published but rows have no replica identity, so Postgres refuses them.",
                    true,
                    lines(unidentified, name -> "ALTER TABLE " + name + " REPLICA IDENTITY FULL;"),
                    publishing(unidentified));
        }
        refusedByPublications();
        List<Relation> unreplicated = stored(dropped, (relation, storage) -> storage.publishesDeletes());
        if (!unreplicated.isEmpty()) {
            add(
                    Code.DROP_NOT_REPLICATED,
                    unreplicated,
                    "Deletes from " + names(unreplicated)
                            + " are published, but dropping partitions is not: subscribers keep the rows.",
                    false,
                    "",
                    publishing(unreplicated));
        }
    }

    /** Where rows have a replica identity that does not do for a publication: one warning a reason. */
    private void refusedByPublications() {
        Map<String, List<Relation>> byReason = new LinkedHashMap<>();
        for (Relation relation : stored(byRows, (some, storage) -> !some.deletesCannotBePublished())) {
            relation.deletesRefused()
                    .ifPresent(why -> byReason.computeIfAbsent(why, reason -> new ArrayList<>())
                            .add(relation));
        }
        byReason.forEach((why, relations) -> {
            boolean wholeRow = relations.stream()
                    .flatMap(relation -> relation.publications().stream())
                    .allMatch(Publication::wholeRowHelps);
            add(
                    Code.NO_REPLICA_IDENTITY,
                    relations,
                    "Postgres refuses deletes from " + names(relations) + ": " + why + ".",
                    true,
                    wholeRow ? lines(relations, name -> "ALTER TABLE " + name + " REPLICA IDENTITY FULL;") : "",
                    publishing(relations));
        });
    }

    private static Map<String, String> publishing(List<Relation> relations) {
        String names = relations.stream()
                .flatMap(relation -> relation.publications().stream())
                .filter(Publication::publishesDeletes)
                .map(Publication::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Map.of("publications", names);
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
            add(
                    Code.NO_INDEX,
                    without,
                    "No index on " + names(without) + " leads to the policy's rows; one on ("
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
            add(
                    Code.STALE_STATISTICS,
                    stale,
                    "Statistics of " + names(stale) + " are missing or stale, so estimates "
                            + (stale.stream().allMatch(this::isLookedAt) ? "of bytes and time " : "") + "are rough.",
                    false,
                    lines(stale, name -> "ANALYZE " + name + ";"));
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
            add(
                    Code.BLOCKING_DETACH,
                    detachedUnderLock,
                    "Detaching " + names(detachedUnderLock)
                            + " locks the parent table ACCESS EXCLUSIVE for a moment each: a default"
                            + " partition rules CONCURRENTLY out.",
                    false,
                    "");
        }
    }

    private void measurements() {
        List<Relation> slow = measured(Measured::timedOut);
        if (!slow.isEmpty()) {
            add(
                    Code.COUNT_TIMEOUT,
                    slow,
                    "Counting rows of " + names(slow) + " took too long; the figures are estimates.",
                    false,
                    "");
        }
        List<Relation> unprobed = measured(measured -> measured.probeSkipped().isPresent());
        if (!unprobed.isEmpty()) {
            String why = policy.measured(unprobed.getFirst())
                    .flatMap(Measured::probeSkipped)
                    .orElseThrow();
            add(Code.PROBE_SKIPPED, unprobed, "No probe on " + names(unprobed) + ": " + why + ".", false, "");
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

    private static String names(List<Relation> relations) {
        return Named.names(relations.stream().map(Relation::name).toList());
    }

    private static String lines(List<Relation> relations, UnaryOperator<String> line) {
        return relations.stream()
                .map(relation -> line.apply(Identifiers.quote(relation.name())))
                .collect(Collectors.joining("\n"));
    }

    private void add(Code code, List<Relation> relations, String message, boolean blocking, String remediation) {
        add(code, relations, message, blocking, remediation, Map.of());
    }

    private void add(
            Code code,
            List<Relation> relations,
            String message,
            boolean blocking,
            String remediation,
            Map<String, String> more) {
        Map<String, String> evidence = new LinkedHashMap<>(more);
        evidence.put("relations", names(relations));
        evidence.put("count", Integer.toString(relations.size()));
        TableName relation = relations.size() == 1
                ? relations.getFirst().name()
                : policy.tree().root().name();
        String name = policy.policy().policy().name();
        warnings.add(new PlanWarning(code, message, blocking, Optional.of(relation), name, evidence, remediation));
    }
}
