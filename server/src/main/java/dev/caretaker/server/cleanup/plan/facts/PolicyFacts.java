package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the planner needs to know for one policy.
 *
 * @param cutoff rows strictly older are eligible
 * @param bound the cutoff in the time column's own terms
 * @param ages by oid; a relation that is missing is MIXED
 * @param states by oid, of every relation that is not YOUNG
 * @param measured by oid, of what is deleted by rows, and of what is dropped if exact counts were asked for
 * @param childRows for each incoming foreign key, rows that deletes would change or that hold rows back
 * @param children referencing tables that deletes change, or that lack an index, by oid
 * @param circularKeys oids of keys by which rows of this table and of others in the plan refer to each other in a circle
 * @param referrers partitions that may be dropped → relations of the table with rows that refer to theirs, by oid; missing
 *     where that is not known or cannot be
 * @param drops what stands against dropping partitions
 * @param suspicious eligible rows whose time looks like a default
 * @param neverEligible rows whose time is NULL, infinite or of another uuid version
 * @param kept what keeps the rows: whole ones, then figures; none if nothing does
 * @param keptChildren tables whose rows deletes cascade to and that are kept, too
 */
public record PolicyFacts(
        StoredPolicy policy,
        Instant cutoff,
        String bound,
        TableTree tree,
        Map<Long, Age> ages,
        Map<Long, RelationState> states,
        Map<Long, Measured> measured,
        Map<ForeignKey, Tally> childRows,
        Map<Long, TableTree> children,
        Set<Long> circularKeys,
        Map<Long, Set<Long>> referrers,
        DropFacts drops,
        Tally suspicious,
        Tally neverEligible,
        List<KeptFacts> kept,
        List<KeptChildFacts> keptChildren) {

    PolicyFacts withReferrers(Map<Long, Set<Long>> known) {
        return new PolicyFacts(
                policy,
                cutoff,
                bound,
                tree,
                ages,
                states,
                measured,
                childRows,
                children,
                circularKeys,
                known,
                drops,
                suspicious,
                neverEligible,
                kept,
                keptChildren);
    }

    /** What a step's parameters say of keeping. */
    public Optional<Keeper> keeper() {
        if (kept.size() == 2 && kept.get(1).keeper() instanceof Keeper.RollUp figures) {
            return Optional.of(new Keeper.Both(kept.getFirst().keeper(), figures));
        }
        return kept.stream().map(KeptFacts::keeper).findFirst();
    }

    public SelfReferences selfReferences() {
        return new SelfReferences(tree, referrers);
    }

    public Column timeColumn() {
        return tree.column(policy.policy().timeColumn().name()).orElseThrow();
    }

    public List<ForeignKey> keys() {
        return tree.incomingKeys();
    }

    public Optional<Measured> measured(Relation relation) {
        return Optional.ofNullable(measured.get(relation.oid()));
    }

    /** Rows of the whole table, young partitions included: as measured, else by statistics. */
    public long tableRows() {
        return tree.stored().stream()
                .mapToLong(relation ->
                        measured(relation).map(Measured::tableRows).orElseGet(() -> Costs.tableRows(storage(relation))))
                .sum();
    }

    public Storage storage(Relation relation) {
        return Storage.of(relation, policy.policy().timeColumn().name());
    }
}
