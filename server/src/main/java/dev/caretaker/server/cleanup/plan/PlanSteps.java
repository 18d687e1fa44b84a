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
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.Piece;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.RootTriggers;
import dev.caretaker.server.cleanup.plan.facts.Storage;
import dev.caretaker.server.cleanup.plan.facts.Unbounded;
import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.PlannedArchive;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps of a plan, in the order in which they are added: what each does, why so, what it costs and locks, and its SQL. What
 * is dropped is not touched again.
 */
final class PlanSteps {
    private final Facts facts;
    private final List<PlannedStep> steps = new ArrayList<>();
    private final Set<Long> dropped = new HashSet<>();
    private final FollowUps followUps = new FollowUps();

    PlanSteps(Facts facts) {
        this.facts = facts;
    }

    List<PlannedStep> all() {
        return List.copyOf(steps);
    }

    /** What is to be done after all tables. */
    List<FollowUps.FollowUp> followUps() {
        return followUps.all();
    }

    /** Adds them. */
    void followUp() {
        followUps.all().forEach(this::vacuum);
    }

    /** Drops a partition with all that is below it, unless it is dropped already. */
    void drop(PolicyFacts policy, Relation partition) {
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

    /**
     * Deletes rows of a relation, unless it is dropped or nothing in it can go.
     *
     * @param policy of its table
     * @param circle policies whose rows go together with these; empty if none do
     * @param kin rows that refer to each other, within the circle
     */
    void remove(PolicyFacts policy, Piece.Rows piece, List<PolicyFacts> circle, Kinship kin) {
        Relation relation = piece.relation();
        Measured measured = policy.measured().get(relation.oid());
        Eligibility eligible = Eligibilities.of(policy, relation);
        if (dropped.contains(relation.oid()) || isNothing(measured, eligible)) {
            return;
        }
        Storage storage = policy.storage(relation);
        List<ForeignKey> keys = Eligibilities.concerning(policy.tree(), relation);
        MechanismChoice choice =
                MechanismChoice.of(policy.policy().policy(), relation, storage, measured, fires(storage, keys));
        KeyCosts.Cost cascades = new KeyCosts(policy, facts.fullPageWrites()).of(keys, measured.rows());
        Estimate deletes = Costs.rows(
                storage, measured, choice.index().isPresent(), storage.rowTriggers(), cascades, facts.fullPageWrites());
        Optional<ByRoot> byRoot = circle.isEmpty() ? RootTriggers.way(policy.tree(), relation) : Optional.empty();
        RowRemoval parameters = removal(policy, relation, eligible, choice, keys, circle, kin);
        List<PlannedArchive> places = Archives.planned(policy, deletes);
        steps.add(new PlannedStep(
                steps.size() + 1,
                policy.policy().policy().name(),
                policy.tree().root().name(),
                relation.name(),
                whyRemoved(policy, piece, choice, !circle.isEmpty(), cascades, measured),
                Archives.estimate(policy, deletes),
                Archives.locks(policy, StepLocks.rows(relation.name(), byRoot, keys), facts.capabilities()),
                Archives.sql(
                        policy,
                        StepTexts.rows(eligible, byRoot, choice.mechanism(), choice.index()),
                        facts.capabilities()),
                new Work.RemoveRows(
                        choice.mechanism(), byRoot.map(parameters::by).orElse(parameters)),
                places.stream().findFirst(),
                places.stream().skip(1).toList()));
        followUps.after(policy, relation, measured);
        followUps.afterCascades(policy, relation, dropped);
    }

    /** Rows that are held back are counted by a step, and an earlier one may set them free. */
    private static boolean isNothing(Measured measured, Eligibility eligible) {
        return measured.exact() && measured.rows() == 0 && (eligible.pinnedBy().isEmpty() || measured.nothingHeld());
    }

    /** Whether deleting a row runs more than the delete. */
    private static boolean fires(Storage storage, List<ForeignKey> keys) {
        return storage.rowTriggers() > 0 || keys.stream().anyMatch(key -> key.changesChild() || !key.childIndexed());
    }

    private static RowRemoval removal(
            PolicyFacts policy,
            Relation relation,
            Eligibility eligible,
            MechanismChoice choice,
            List<ForeignKey> keys,
            List<PolicyFacts> circle,
            Kinship kin) {
        RelationState state = policy.states().get(relation.oid());
        Storage storage = policy.storage(relation);
        return new RowRemoval(
                eligible,
                state.fingerprint(),
                state.relfilenode(),
                Costs.rowBytes(storage, policy.measured().get(relation.oid()).tableRows()),
                choice.index(),
                Stream.concat(keys.stream(), circle.stream().flatMap(other -> other.keys().stream()))
                        .filter(ForeignKey::changesChild)
                        .map(ForeignKey::child)
                        .distinct()
                        .toList(),
                !storage.deleteTriggers().isEmpty(),
                kin,
                policy.policy().policy().skipPinned(),
                Optional.empty(),
                policy.keeper(),
                policy.keptChildren().stream().map(KeptChildFacts::child).toList(),
                Optional.of(policy.cutoff()));
    }

    private static String whyRemoved(
            PolicyFacts policy,
            Piece.Rows piece,
            MechanismChoice choice,
            boolean together,
            KeyCosts.Cost cascades,
            Measured measured) {
        return choice.reason()
                + piece.whyNotDropped()
                        .map(why -> " All of it is old, but it is not dropped: " + why + ".")
                        .orElse("")
                + (together ? " Rows go together with those that refer to them." : "")
                + through(cascades)
                + Archives.reason(policy)
                + sampled(measured);
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

    private void vacuum(FollowUps.FollowUp followUp) {
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
