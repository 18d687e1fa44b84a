package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.choice.Archives;
import dev.caretaker.server.cleanup.plan.choice.FollowUps;
import dev.caretaker.server.cleanup.plan.choice.MechanismChoice;
import dev.caretaker.server.cleanup.plan.choice.StepLocks;
import dev.caretaker.server.cleanup.plan.choice.StepTexts;
import dev.caretaker.server.cleanup.plan.facts.Costs;
import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.KeptChildFacts;
import dev.caretaker.server.cleanup.plan.facts.KeyCosts;
import dev.caretaker.server.cleanup.plan.facts.Kinships;
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.Piece;
import dev.caretaker.server.cleanup.plan.facts.Pieces;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.RootTriggers;
import dev.caretaker.server.cleanup.plan.facts.Storage;
import dev.caretaker.server.cleanup.plan.facts.TableOrder;
import dev.caretaker.server.cleanup.plan.facts.Unbounded;
import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlannedArchive;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.plan.warn.PlanWarnings;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.ByRoot;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.Kinship;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns facts into a plan's content: no input or output, no clock, so the same facts always make the same plan.
 *
 * <p>Tables go first whose rows refer to others that go. Of tables that do not refer to each other rows go first of which
 * something is kept, lest another policy takes them before; then partitions are dropped, since what is dropped by one policy
 * need not be deleted by another; then the other rows go, policy by policy. After all tables come the follow-ups, one a
 * relation.
 */
final class Planner {
    private final Facts facts;
    private final List<PlannedStep> steps = new ArrayList<>();
    private final Set<Long> dropped = new HashSet<>();
    private final FollowUps followUps = new FollowUps();

    private Planner(Facts facts) {
        this.facts = facts;
    }

    /** What a plan says, but for its identity and its times. */
    record Content(List<PlannedPolicy> policies, List<PlannedStep> steps, List<PlanWarning> warnings, Estimate total) {}

    /**
     * @throws dev.caretaker.server.error.CaretakerException UNSUPPORTED_RELATION if a foreign table may hold old rows
     */
    static Content plan(Facts facts) {
        return new Planner(facts).content();
    }

    private Content content() {
        Map<PolicyFacts, List<Piece>> pieces = new LinkedHashMap<>();
        facts.policies().forEach(policy -> pieces.put(policy, Pieces.of(policy)));
        TableOrder order =
                new TableOrder(facts.policies().stream().map(PolicyFacts::tree).toList());
        for (List<TableOrder.Group> level : order.levels()) {
            Set<Long> alone = level.stream()
                    .filter(group -> !group.circle())
                    .flatMap(group -> group.tables().stream())
                    .collect(Collectors.toSet());
            Map<PolicyFacts, List<Piece>> simple = of(alone, pieces);
            rows(some(simple, policy -> !policy.kept().isEmpty()), List.of());
            drops(simple, (policy, partitions) -> partitions);
            rows(some(simple, policy -> policy.kept().isEmpty()), List.of());
            level.stream().filter(TableOrder.Group::circle).forEach(group -> circle(of(group.tables(), pieces)));
        }
        followUps.all().forEach(this::followUp);
        Estimate total = Costs.sum(steps.stream().map(PlannedStep::estimate).toList());
        return new Content(
                facts.policies().stream().map(Planner::policy).toList(),
                List.copyOf(steps),
                PlanWarnings.of(facts, steps, followUps.all()),
                total);
    }

    private static Map<PolicyFacts, List<Piece>> of(Set<Long> tables, Map<PolicyFacts, List<Piece>> pieces) {
        return some(pieces, policy -> tables.contains(policy.tree().root().oid()));
    }

    private static Map<PolicyFacts, List<Piece>> some(
            Map<PolicyFacts, List<Piece>> pieces, Predicate<PolicyFacts> wanted) {
        Map<PolicyFacts, List<Piece>> some = new LinkedHashMap<>();
        pieces.forEach((policy, all) -> {
            if (wanted.test(policy)) {
                some.put(policy, all);
            }
        });
        return some;
    }

    /** Partitions to which nothing refers are dropped first, which spares deleting rows of them; the others when rows are gone. */
    private void circle(Map<PolicyFacts, List<Piece>> pieces) {
        drops(pieces, (policy, partitions) -> {
            Set<Long> gone = new HashSet<>();
            return policy.selfReferences().inOrder(partitions, gone).stream()
                    .takeWhile(partition -> policy.selfReferences().isFree(partition, gone)
                            && policy.tree().subtree(partition).stream().allMatch(below -> gone.add(below.oid())))
                    .toList();
        });
        rows(pieces, List.copyOf(pieces.keySet()));
        Set<Long> byRows = pieces.values().stream()
                .flatMap(List::stream)
                .filter(Piece.Rows.class::isInstance)
                .map(piece -> piece.relation().oid())
                .collect(Collectors.toSet());
        drops(pieces, (policy, partitions) -> policy.selfReferences().inOrder(partitions, byRows));
    }

    private void rows(Map<PolicyFacts, List<Piece>> pieces, List<PolicyFacts> circle) {
        pieces.forEach((policy, all) -> {
            // One for all of its steps: it names every partition of every table of the circle.
            Kinship kin = circle.isEmpty() ? Kinship.NONE : new Kinships(policy, circle).kinship();
            all.forEach(piece -> {
                if (piece instanceof Piece.Rows rows) {
                    rows(policy, rows, circle, kin);
                }
            });
        });
    }

    /** Larger subtrees first, so that no partition is dropped by itself and once more with what is above it. */
    private void drops(
            Map<PolicyFacts, List<Piece>> pieces, BiFunction<PolicyFacts, List<Relation>, List<Relation>> order) {
        record Candidate(PolicyFacts policy, Relation partition) {
            int level() {
                return policy.tree().lineage(partition).size();
            }

            /** A detach that somebody began comes first: it is in the way of the others. */
            int unfinished() {
                return Pieces.isDetachPending(partition) ? 0 : 1;
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        pieces.forEach((policy, all) -> {
            List<Relation> partitions = all.stream()
                    .filter(Piece.Drop.class::isInstance)
                    .map(Piece::relation)
                    .toList();
            order.apply(policy, partitions).forEach(partition -> candidates.add(new Candidate(policy, partition)));
        });
        candidates.sort(Comparator.comparingInt(Candidate::level).thenComparing(Candidate::unfinished));
        candidates.forEach(candidate -> drop(candidate.policy(), candidate.partition()));
    }

    private static PlannedPolicy policy(PolicyFacts facts) {
        Relation root = facts.tree().root();
        String predicate = Eligibilities.of(facts, root).anywhere().readable();
        return new PlannedPolicy(facts.policy(), facts.cutoff(), predicate, facts.tableRows());
    }

    private void drop(PolicyFacts policy, Relation partition) {
        if (!dropped.add(partition.oid())) {
            return;
        }
        Relation parent = policy.tree().parent(partition).orElseThrow();
        List<Relation> below = policy.tree().subtree(partition);
        below.forEach(relation -> dropped.add(relation.oid()));
        List<Relation> stored = below.stream().filter(TableTree::hasRows).toList();
        List<Storage> storages = stored.stream().map(policy::storage).toList();
        boolean counted = stored.stream().allMatch(relation -> isCounted(policy, relation));
        long rows =
                stored.stream().mapToLong(relation -> rows(policy, relation)).sum();
        boolean hasDefault =
                parent.partitionKey().orElseThrow().defaultPartition().isPresent();
        boolean concurrently = facts.capabilities().canDetachConcurrently() && !hasDefault;
        PartitionDrop parameters = new PartitionDrop(
                partition.oid(),
                partition.name(),
                parent.oid(),
                parent.name(),
                policy.states().get(partition.oid()).fingerprint(),
                concurrently,
                rows,
                counted,
                Optional.of(policy.cutoff()),
                Unbounded.infinite(
                        policy.tree(),
                        partition,
                        policy.policy().policy().timeColumn().name()));
        add(
                policy.policy().policy().name(),
                policy.tree().root().name(),
                partition.name(),
                whyDropped(concurrently, hasDefault),
                Costs.drop(storages, rows, counted),
                StepLocks.drop(policy.tree(), partition, parameters),
                StepTexts.drop(parameters),
                new Work.DropPartition(parameters));
    }

    private static String whyDropped(boolean concurrently, boolean hasDefault) {
        String why = "All of the partition is older than the cutoff by its bounds, and the policy has no filter";
        if (concurrently) {
            return why + ".";
        }
        return why + "; it is detached under a lock, because "
                + (hasDefault
                        ? "a default partition rules CONCURRENTLY out."
                        : "the server cannot detach concurrently.");
    }

    private static boolean isCounted(PolicyFacts policy, Relation relation) {
        return policy.measured(relation).filter(Measured::exact).isPresent();
    }

    private static long rows(PolicyFacts policy, Relation relation) {
        return policy.measured(relation).map(Measured::rows).orElseGet(() -> Costs.tableRows(policy.storage(relation)));
    }

    private void rows(PolicyFacts facts, Piece.Rows piece, List<PolicyFacts> circle, Kinship kin) {
        Relation relation = piece.relation();
        Measured measured = facts.measured().get(relation.oid());
        Eligibility eligible = Eligibilities.of(facts, relation);
        // Rows that are held back are counted by a step, and an earlier one may set them free.
        boolean nothing =
                measured.exact() && measured.rows() == 0 && (eligible.pinnedBy().isEmpty() || measured.nothingHeld());
        if (dropped.contains(relation.oid()) || nothing) {
            return;
        }
        Policy policy = facts.policy().policy();
        Storage storage = facts.storage(relation);
        List<ForeignKey> keys = Eligibilities.concerning(facts.tree(), relation);
        boolean fires =
                storage.rowTriggers() > 0 || keys.stream().anyMatch(key -> key.changesChild() || !key.childIndexed());
        MechanismChoice choice = MechanismChoice.of(policy, relation, storage, measured, fires);
        KeyCosts.Cost cascades = new KeyCosts(facts, this.facts.fullPageWrites()).of(keys, measured.rows());
        RelationState state = facts.states().get(relation.oid());
        RowRemoval parameters = new RowRemoval(
                eligible,
                state.fingerprint(),
                state.relfilenode(),
                Costs.rowBytes(storage, measured.tableRows()),
                choice.index(),
                Stream.concat(keys.stream(), circle.stream().flatMap(other -> other.keys().stream()))
                        .filter(ForeignKey::changesChild)
                        .map(ForeignKey::child)
                        .distinct()
                        .toList(),
                !storage.deleteTriggers().isEmpty(),
                kin,
                policy.skipPinned(),
                Optional.empty(),
                facts.keeper(),
                facts.keptChildren().stream().map(KeptChildFacts::child).toList(),
                Optional.of(facts.cutoff()));
        Optional<ByRoot> byRoot = circle.isEmpty() ? RootTriggers.way(facts.tree(), relation) : Optional.empty();
        String reason = choice.reason()
                + piece.whyNotDropped()
                        .map(why -> " All of it is old, but it is not dropped: " + why + ".")
                        .orElse("")
                + (circle.isEmpty() ? "" : " Rows go together with those that refer to them.")
                + through(cascades)
                + Archives.reason(facts)
                + sampled(measured);
        Estimate deletes = Costs.rows(
                storage,
                measured,
                choice.index().isPresent(),
                storage.rowTriggers(),
                cascades,
                this.facts.fullPageWrites());
        List<PlannedArchive> places = Archives.planned(facts, deletes);
        steps.add(new PlannedStep(
                steps.size() + 1,
                policy.name(),
                facts.tree().root().name(),
                relation.name(),
                reason,
                Archives.estimate(facts, deletes),
                Archives.locks(facts, StepLocks.rows(relation.name(), byRoot, keys), this.facts.capabilities()),
                Archives.sql(
                        facts,
                        StepTexts.rows(eligible, byRoot, choice.mechanism(), choice.index()),
                        this.facts.capabilities()),
                new Work.RemoveRows(
                        choice.mechanism(), byRoot.map(parameters::by).orElse(parameters)),
                places.stream().findFirst(),
                places.stream().skip(1).toList()));
        followUps.after(facts, relation, measured);
        followUps.afterCascades(facts, relation, dropped);
    }

    /** What goes through foreign keys, in the words of a step's reason. */
    private static String through(KeyCosts.Cost cascades) {
        return cascades.rows() == 0
                ? ""
                : " Foreign keys remove or change about " + Amounts.count(cascades.rows(), "row", "rows")
                        + " of other tables, which the estimate includes.";
    }

    /** How exact an estimate is that comes from a sample, in the words of a step's reason. */
    private static String sampled(Measured measured) {
        return measured.margin().isEmpty()
                ? ""
                : " A sample was read, because statistics are missing or stale: about "
                        + Amounts.count(measured.rows(), "row", "rows") + ", give or take "
                        + Amounts.count(measured.margin().getAsLong(), "row", "rows") + ".";
    }

    private void followUp(FollowUps.FollowUp followUp) {
        TableName relation = followUp.relation().name();
        add(
                "",
                followUp.table(),
                relation,
                followUp.reason(),
                Costs.vacuum(followUp.storage()),
                StepLocks.vacuum(relation),
                StepTexts.vacuum(relation),
                new Work.Vacuum(followUp.request()));
    }

    private void add(
            String policy,
            TableName table,
            TableName relation,
            String reason,
            Estimate estimate,
            List<PlannedLock> locks,
            List<String> sql,
            Work work) {
        steps.add(new PlannedStep(
                steps.size() + 1,
                policy,
                table,
                relation,
                reason,
                estimate,
                locks,
                sql,
                work,
                Optional.empty(),
                List.of()));
    }
}
