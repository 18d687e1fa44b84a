package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.DropObstacles;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the server all that the planner needs to know for one policy. */
public final class PolicyFactsReader {
    /** For counts that nobody asked for. */
    private static final Duration QUICK = Duration.ofSeconds(2);
    /** Nothing that is looked after is this old; see SUSPICIOUS_VALUES. */
    private static final Instant IMPLAUSIBLE = Instant.parse("1971-01-01T00:00:00Z");

    private final Asking asking;
    private final Measuring measuring;
    private final Companions companions;
    private final KeptFacts.Asked kept;
    private final Duration patience;

    PolicyFactsReader(Asking asking, Depth depth, Companions companions, KeptFacts.Asked kept) {
        this.companions = companions;
        this.kept = kept;
        this.asking = asking;
        this.measuring = new Measuring(asking, depth);
        this.patience = depth.exact() && depth.countTimeout().compareTo(QUICK) > 0 ? depth.countTimeout() : QUICK;
    }

    /**
     * How far to go.
     *
     * @param exact whether to count what is eligible, and not to believe statistics
     * @param countTimeout longest count of one relation
     * @param probe whether to measure deletes; see {@link Probing}
     */
    public record Depth(boolean exact, Duration countTimeout, boolean probe) {}

    PolicyFacts read(StoredPolicy stored, Instant cutoff, TableTree tree) throws SQLException {
        Policy policy = stored.policy();
        TimeColumn time = policy.timeColumn();
        String bound = bound(time, tree, cutoff);
        Map<Long, Age> ages = new Ages(asking).of(tree, time.name(), bound);
        List<Relation> candidates = candidates(tree, ages);
        List<Long> oids = candidates.stream().map(Relation::oid).toList();
        Map<Long, RelationState> states = RelationState.readAll(asking.connection(), oids);
        String predicate =
                Eligibilities.of(policy, tree, bound, tree.root()).anywhere().readable();
        PolicyFacts unmeasured = new PolicyFacts(
                stored,
                cutoff,
                bound,
                tree,
                ages,
                states,
                Map.of(),
                Map.of(),
                Map.of(),
                companions.order().circularKeys(tree),
                Map.of(),
                drops(ages),
                Tally.NONE,
                Tally.NONE,
                KeptFacts.read(kept, policy, tree, cutoff, predicate),
                KeptChildFacts.read(kept, policy, tree, cutoff, predicate));
        return measured(unmeasured.withReferrers(new PartitionReferrers(asking, unmeasured).read()));
    }

    private DropFacts drops(Map<Long, Age> ages) throws SQLException {
        List<Long> old = ages.entrySet().stream()
                .filter(age -> age.getValue() == Age.OLD)
                .map(Map.Entry::getKey)
                .toList();
        return old.isEmpty()
                ? DropFacts.NONE
                : new DropFacts(
                        DropObstacles.find(asking.connection(), old), DropObstacles.eventTriggers(asking.connection()));
    }

    private PolicyFacts measured(PolicyFacts facts) throws SQLException {
        List<Piece> pieces = Pieces.of(facts);
        Rights rights = new Rights(asking.connection(), facts);
        rights.requireOn(pieces);
        rights.requireOnReferencing(pieces);
        Map<Long, Measured> measured = measuring.of(facts, pieces);
        boolean removes = !measured.isEmpty() || facts.ages().containsValue(Age.OLD);
        return new PolicyFacts(
                facts.policy(),
                facts.cutoff(),
                facts.bound(),
                facts.tree(),
                facts.ages(),
                facts.states(),
                measured,
                removes ? childRows(facts) : Map.of(),
                children(facts),
                facts.circularKeys(),
                facts.referrers(),
                facts.drops(),
                suspicious(facts),
                neverEligible(facts),
                facts.kept(),
                facts.keptChildren());
    }

    private Map<ForeignKey, Tally> childRows(PolicyFacts facts) throws SQLException {
        Eligibility anywhere = Eligibilities.of(facts, facts.tree().root());
        ChildRows children = new ChildRows(anywhere, facts.keys(), companions);
        Map<ForeignKey, Tally> childRows = new LinkedHashMap<>();
        for (ForeignKey key : facts.keys()) {
            Optional<SqlFragment> referencing = children.referencing(key);
            childRows.put(
                    key,
                    referencing.isPresent()
                            ? asking.tally(referencing.get(), patience)
                            : Tally.failed(
                                    facts.keys().stream().allMatch(ForeignKey::comparable)
                                            ? "the way there leads through a partition"
                                            : "counting them would run a function that a user made"));
        }
        return childRows;
    }

    private Map<Long, TableTree> children(PolicyFacts facts) throws SQLException {
        Map<Long, TableTree> children = new HashMap<>();
        for (ForeignKey key : facts.keys()) {
            boolean wanted = key.changesChild() || !key.childIndexed();
            if (wanted && !children.containsKey(key.childOid())) {
                TableTree.read(asking.connection(), key.child())
                        .ifPresent(child -> children.put(key.childOid(), child));
            }
        }
        return children;
    }

    private static List<Relation> candidates(TableTree tree, Map<Long, Age> ages) {
        return tree.relations().stream()
                .filter(relation ->
                        tree.lineage(relation).stream().noneMatch(above -> ages.get(above.oid()) == Age.YOUNG))
                .toList();
    }

    private Tally suspicious(PolicyFacts facts) throws SQLException {
        if (facts.cutoff().isBefore(IMPLAUSIBLE)) {
            return Tally.NONE;
        }
        Policy policy = facts.policy().policy();
        String bound = bound(policy.timeColumn(), facts.tree(), IMPLAUSIBLE);
        Eligibility implausible =
                Eligibilities.of(policy, facts.tree(), bound, facts.tree().root());
        return asking.tally(fromRoot(facts, implausible.anywhere()), QUICK);
    }

    private Tally neverEligible(PolicyFacts facts) throws SQLException {
        String time = "t." + Identifiers.quote(facts.timeColumn().name());
        String type = facts.timeColumn().castType();
        String infinite = time + " OPERATOR(pg_catalog.=) ANY (ARRAY[CAST('infinity' AS " + type
                + "), CAST('-infinity' AS " + type + ")])";
        String never = switch (facts.policy().policy().timeColumn().kind()) {
            case TIMESTAMPTZ, TIMESTAMP, DATE -> "(" + time + " IS NULL OR " + infinite + ")";
            case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS -> time + " IS NULL";
            case UUID_V7 ->
                "(" + time + " IS NULL OR pg_catalog.substr(CAST(" + time
                        + " AS pg_catalog.text), 15, 1) OPERATOR(pg_catalog.<>) '7')";
        };
        return asking.tally(fromRoot(facts, SqlFragment.of(never)), QUICK);
    }

    private static SqlFragment fromRoot(PolicyFacts facts, SqlFragment condition) {
        return SqlFragment.of("FROM " + Identifiers.quote(facts.tree().root().name()) + " AS t WHERE ")
                .then("", condition);
    }

    static String bound(TimeColumn time, TableTree tree, Instant cutoff) {
        return TimeBound.of(time, tree.column(time.name()).orElseThrow().baseType(), cutoff);
    }
}
