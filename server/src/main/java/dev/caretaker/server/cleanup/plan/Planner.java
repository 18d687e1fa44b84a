package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.facts.Costs;
import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.Kinships;
import dev.caretaker.server.cleanup.plan.facts.Piece;
import dev.caretaker.server.cleanup.plan.facts.Pieces;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.TableOrder;
import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.warn.PlanWarnings;
import dev.caretaker.server.cleanup.step.Kinship;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    private final PlanSteps steps;

    private Planner(Facts facts) {
        this.facts = facts;
        this.steps = new PlanSteps(facts);
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
        steps.followUp();
        return new Content(
                facts.policies().stream().map(Planner::policy).toList(),
                steps.all(),
                PlanWarnings.of(facts, steps.all(), steps.followUps()),
                Costs.sum(steps.all().stream().map(PlannedStep::estimate).toList()));
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
                    steps.remove(policy, rows, circle, kin);
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
        candidates.forEach(candidate -> steps.drop(candidate.policy(), candidate.partition()));
    }

    private static PlannedPolicy policy(PolicyFacts facts) {
        Relation root = facts.tree().root();
        String predicate = Eligibilities.of(facts, root).anywhere().readable();
        return new PlannedPolicy(facts.policy(), facts.cutoff(), predicate, facts.tableRows());
    }
}
