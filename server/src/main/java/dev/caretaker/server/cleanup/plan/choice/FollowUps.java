package dev.caretaker.server.cleanup.plan.choice;

import dev.caretaker.server.cleanup.plan.facts.Costs;
import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Storage;
import dev.caretaker.server.cleanup.plan.facts.Tally;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * VACUUM after the rows went, once a relation: of what a policy deletes from, and of what its deletes reach through foreign
 * keys. Whether it is worth it is decided when the run gets there; what cannot become worth it is not planned.
 */
public final class FollowUps {
    /** Documented at FollowUp.AUTO: fewer dead rows are left to autovacuum. */
    private static final long MINIMUM_ROWS = 1_000;

    private static final double MINIMUM_SHARE = 0.05;

    private final Map<Long, FollowUp> wanted = new LinkedHashMap<>();
    private final Set<Reached> reached = new HashSet<>();

    /** A table that a policy's deletes reach, from whichever of its partitions. */
    private record Reached(String policy, long child) {}

    /**
     * VACUUM of one relation.
     *
     * @param table what the policy names, in whose totals it is counted
     * @param cascaded whether its rows go or change through foreign keys, and not by the policy itself
     * @param always whether one row is reason enough
     */
    public record FollowUp(
            Relation relation, TableName table, Storage storage, long tableRows, boolean cascaded, boolean always) {

        public VacuumRequest request() {
            return VacuumRequest.followUp(
                    relation.oid(),
                    relation.name(),
                    always ? VacuumRequest.Mode.WHEN_DELETED : VacuumRequest.Mode.AUTO,
                    MINIMUM_ROWS,
                    MINIMUM_SHARE,
                    tableRows);
        }

        public String reason() {
            String rows = cascaded ? "rows that foreign keys remove or change" : "deleted rows";
            String worthIt = always ? "if there is any." : "if they are at least 1,000 and 5 % of the table.";
            return "Makes the space of " + rows + " reusable and refreshes statistics, " + worthIt;
        }

        /** One VACUUM for both, as the keener of them wants it. */
        private FollowUp and(FollowUp other) {
            FollowUp own = cascaded ? other : this;
            return new FollowUp(
                    relation, own.table, storage, tableRows, cascaded && other.cascaded, always || other.always);
        }
    }

    /** In the order in which they were asked for. */
    public List<FollowUp> all() {
        return List.copyOf(wanted.values());
    }

    /** A policy deletes from a relation by rows. So few that were counted are not worth it, whatever comes to them until then. */
    public void after(PolicyFacts facts, Relation relation, Measured measured) {
        boolean few = wish(facts) == Policy.FollowUp.AUTO
                && measured.exact()
                && measured.rows() < MINIMUM_ROWS
                && measured.share() < MINIMUM_SHARE;
        if (wish(facts) != Policy.FollowUp.NEVER && !few) {
            add(facts, relation, facts.storage(relation), measured.tableRows(), false);
        }
    }

    /**
     * Its deletes reach other tables.
     *
     * @param gone relations that are dropped by then
     */
    public void afterCascades(PolicyFacts facts, Relation relation, Set<Long> gone) {
        if (wish(facts) == Policy.FollowUp.NEVER) {
            return;
        }
        Map<Long, List<ForeignKey>> byChild = Eligibilities.concerning(facts.tree(), relation).stream()
                .filter(ForeignKey::changesChild)
                .collect(Collectors.groupingBy(ForeignKey::childOid, LinkedHashMap::new, Collectors.toList()));
        byChild.forEach((oid, keys) -> {
            TableTree child = facts.children().get(oid);
            Reached now = new Reached(facts.policy().policy().name(), oid);
            if (child != null && mayBeEnough(facts, keys) && reached.add(now)) {
                leaves(facts, child, gone)
                        .forEach(leaf -> add(facts, leaf.relation(), leaf.storage(), leaf.rows(), true));
            }
        });
    }

    private boolean mayBeEnough(PolicyFacts facts, List<ForeignKey> keys) {
        List<Tally> tallies = keys.stream()
                .map(key -> facts.childRows().getOrDefault(key, Tally.NONE))
                .toList();
        boolean unknown = tallies.stream()
                .anyMatch(tally -> tally.atLeast() || tally.failure().isPresent());
        return unknown || tallies.stream().mapToLong(Tally::rows).sum() >= enough(facts);
    }

    private record Leaf(Relation relation, Storage storage, long rows) {}

    /** Relations of a referencing table in which enough rows can have lain. */
    private List<Leaf> leaves(PolicyFacts facts, TableTree child, Set<Long> gone) {
        return child.stored().stream()
                .filter(relation -> !gone.contains(relation.oid()))
                .map(relation -> {
                    Storage storage = facts.storage(relation);
                    return new Leaf(relation, storage, Costs.tableRows(storage));
                })
                .filter(leaf -> leaf.storage().tuples() < 0 || leaf.rows() >= enough(facts))
                .toList();
    }

    private void add(PolicyFacts facts, Relation relation, Storage storage, long rows, boolean cascaded) {
        boolean always = wish(facts) == Policy.FollowUp.ALWAYS;
        TableName table = facts.tree().root().name();
        wanted.merge(relation.oid(), new FollowUp(relation, table, storage, rows, cascaded, always), FollowUp::and);
    }

    private static long enough(PolicyFacts facts) {
        return wish(facts) == Policy.FollowUp.ALWAYS ? 1 : MINIMUM_ROWS;
    }

    private static Policy.FollowUp wish(PolicyFacts facts) {
        return facts.policy().policy().followUp();
    }
}
