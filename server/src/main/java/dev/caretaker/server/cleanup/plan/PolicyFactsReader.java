package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.Trigger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the server all that the planner needs to know for one policy. */
final class PolicyFactsReader {
    /** For counts that nobody asked for. */
    private static final Duration QUICK = Duration.ofSeconds(2);
    /** Nothing that is looked after is this old; see SUSPICIOUS_VALUES. */
    private static final Instant IMPLAUSIBLE = Instant.parse("1971-01-01T00:00:00Z");

    private final Asking asking;
    private final Depth depth;

    PolicyFactsReader(Asking asking, Depth depth) {
        this.asking = asking;
        this.depth = depth;
    }

    /** How far to go. */
    record Depth(boolean exact, Duration countTimeout, boolean probe) {
        Duration patience() {
            return exact && countTimeout.compareTo(QUICK) > 0 ? countTimeout : QUICK;
        }
    }

    PolicyFacts read(StoredPolicy stored, Instant cutoff, TableTree tree) throws SQLException {
        Policy policy = stored.policy();
        TimeColumn time = policy.timeColumn();
        String bound = bound(time, tree, cutoff);
        Map<Long, Age> ages = new Ages(asking.connection()).of(tree, time.name(), bound);
        List<Relation> candidates = candidates(tree, ages);
        List<Long> oids = candidates.stream().map(Relation::oid).toList();
        Map<Long, RelationState> states = RelationState.readAll(asking.connection(), oids);
        PolicyFacts unmeasured = new PolicyFacts(
                stored, cutoff, bound, tree, ages, states, Map.of(), Map.of(), Map.of(), Tally.NONE, Tally.NONE);
        return measured(unmeasured);
    }

    private PolicyFacts measured(PolicyFacts facts) throws SQLException {
        Eligibility anywhere = Eligibilities.of(facts, facts.tree().root());
        List<Piece> pieces = Pieces.of(facts);
        requireRights(facts, pieces);
        requireRightsOnChildren(facts, pieces);
        Map<Long, Measured> measured = new HashMap<>();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Rows rows -> measured.put(rows.relation().oid(), rows(facts, rows.relation()));
                case Piece.Drop drop -> measured.putAll(dropped(facts, drop.relation()));
            }
        }
        Map<ForeignKey, Tally> childRows = new LinkedHashMap<>();
        ChildRows children = new ChildRows(anywhere, facts.keys());
        if (!measured.isEmpty() || facts.ages().containsValue(Age.OLD)) {
            for (ForeignKey key : facts.keys()) {
                Optional<SqlFragment> referencing = children.referencing(key);
                childRows.put(
                        key,
                        referencing.isPresent()
                                ? asking.tally(referencing.get(), depth.patience())
                                : Tally.failed("the way there leads through a partition"));
            }
        }
        return new PolicyFacts(
                facts.policy(),
                facts.cutoff(),
                facts.bound(),
                facts.tree(),
                facts.ages(),
                facts.states(),
                measured,
                childRows,
                children(facts),
                suspicious(facts),
                neverEligible(facts));
    }

    /** Rights on a partitioned table do not reach its partitions when they are named, as every batch does. */
    private static void requireRights(PolicyFacts facts, List<Piece> pieces) {
        List<String> lacking = pieces.stream()
                .filter(Piece.Rows.class::isInstance)
                .map(Piece::relation)
                .filter(relation -> !relation.rights().schemaUsage()
                        || !relation.rights().select()
                        || !relation.rights().delete())
                .map(relation -> Identifiers.quote(relation.name()))
                .toList();
        if (!lacking.isEmpty()) {
            String some = lacking.stream().limit(5).collect(Collectors.joining(", "));
            throw CaretakerException.of(
                    Reason.MISSING_PRIVILEGE,
                    "Caretaker's role may not SELECT and DELETE in " + some
                            + (lacking.size() > 5 ? " and " + (lacking.size() - 5) + " more" : "") + ": GRANT both, and"
                            + " USAGE on the schema.",
                    Map.of("policy", facts.policy().policy().name(), "relations", some));
        }
    }

    /** Which rows are pinned is asked of the tables that reference them. */
    private void requireRightsOnChildren(PolicyFacts facts, List<Piece> pieces) throws SQLException {
        Set<Long> children = pieces.stream()
                .filter(Piece.Rows.class::isInstance)
                .flatMap(piece -> Eligibilities.pinning(facts.policy().policy(), facts.tree(), piece.relation()))
                .map(ForeignKey::childOid)
                .collect(Collectors.toSet());
        if (children.isEmpty()) {
            return;
        }
        Connection connection = asking.connection();
        List<String> lacking = Sql.resource("cleanup/unreadable", connection.createArrayOf("oid", children.toArray()))
                .list(connection, row -> Identifiers.quote(new TableName(row.getString(1), row.getString(2))));
        if (!lacking.isEmpty()) {
            String some = String.join(", ", lacking);
            throw CaretakerException.of(
                    Reason.MISSING_PRIVILEGE,
                    "Caretaker's role may not SELECT in " + some + ", whose rows hold back those that policy "
                            + facts.policy().policy().name()
                            + " is to skip (skip_pinned): GRANT it, and USAGE on the schema.",
                    Map.of("policy", facts.policy().policy().name(), "relations", some));
        }
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

    private Measured rows(PolicyFacts facts, Relation relation) throws SQLException {
        if (relation.rowSecurity().appliesToUs()) {
            return Measured.estimated(0, Costs.tableRows(facts.storage(relation)));
        }
        String from = "SELECT 1 FROM ONLY " + Identifiers.quote(relation.name()) + " AS t WHERE ";
        long tableRows = relation.size().heap() == 0 ? 0 : asking.tableRows(relation.name());
        Eligibility eligible = Eligibilities.of(facts, relation);
        long expected = Math.min(
                tableRows,
                asking.expectedRows(
                        SqlFragment.of(from).then("", estimable(eligible).predicate())));
        Optional<Long> counted = Optional.empty();
        if (depth.exact()) {
            SqlFragment count = SqlFragment.of(
                            "SELECT count(*) FROM ONLY " + Identifiers.quote(relation.name()) + " AS t WHERE ")
                    .then("", eligible.predicate());
            counted = asking.count(count, depth.countTimeout());
        }
        long rows = counted.orElse(expected);
        boolean timedOut = depth.exact() && counted.isEmpty();
        Optional<String> obstacle = depth.probe() ? probeObstacle(facts, relation) : Optional.empty();
        Optional<Measured.Probe> probe = Optional.empty();
        if (depth.probe() && obstacle.isEmpty()) {
            try {
                probe = new Probing(asking).probe(eligible);
            } catch (SQLException e) {
                obstacle = Optional.of("the server refused it (" + e.getSQLState() + "): " + e.getMessage());
            }
        }
        return new Measured(rows, counted.isPresent(), timedOut, Math.max(rows, tableRows), probe, obstacle);
    }

    private static Optional<String> probeObstacle(PolicyFacts facts, Relation relation) {
        List<Trigger> triggers = facts.storage(relation).deleteTriggers();
        return triggers.isEmpty()
                ? Optional.empty()
                : Optional.of("user trigger " + triggers.getFirst().name()
                        + " would fire, and what it does outside of the" + " transaction cannot be rolled back");
    }

    /** Partitions to be dropped are counted only if exact figures were asked for: statistics tell enough. */
    private Map<Long, Measured> dropped(PolicyFacts facts, Relation partition) throws SQLException {
        Map<Long, Measured> counted = new HashMap<>();
        if (depth.exact()) {
            for (Relation relation : facts.tree().subtree(partition)) {
                if (TableTree.hasRows(relation)) {
                    Optional<Long> rows = asking.count(
                            SqlFragment.of("SELECT count(*) FROM ONLY " + Identifiers.quote(relation.name())),
                            depth.countTimeout());
                    long statistics = Costs.tableRows(facts.storage(relation));
                    counted.put(
                            relation.oid(),
                            new Measured(
                                    rows.orElse(statistics),
                                    rows.isPresent(),
                                    rows.isEmpty(),
                                    rows.orElse(statistics),
                                    Optional.empty(),
                                    Optional.empty()));
                }
            }
        }
        return counted;
    }

    /** The planner has no idea how many uuids are of version 7, and would guess one in two hundred: nearly all are. */
    static Eligibility estimable(Eligibility eligible) {
        if (eligible.kind() != TimeColumn.Kind.UUID_V7) {
            return eligible;
        }
        return new Eligibility(
                eligible.oid(),
                eligible.table(),
                eligible.timeColumn(),
                TimeColumn.Kind.EPOCH_MILLIS,
                eligible.timeType(),
                eligible.bound(),
                eligible.filter(),
                eligible.columnTypes(),
                eligible.pinnedBy());
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
        String type = facts.timeColumn().baseType();
        String infinite = time + " IN (CAST('infinity' AS " + type + "), CAST('-infinity' AS " + type + "))";
        String never = switch (facts.policy().policy().timeColumn().kind()) {
            case TIMESTAMPTZ, TIMESTAMP, DATE -> "(" + time + " IS NULL OR " + infinite + ")";
            case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS -> time + " IS NULL";
            case UUID_V7 -> "(" + time + " IS NULL OR substr(CAST(" + time + " AS text), 15, 1) <> '7')";
        };
        return asking.tally(fromRoot(facts, SqlFragment.of(never)), QUICK);
    }

    private static SqlFragment fromRoot(PolicyFacts facts, SqlFragment condition) {
        return SqlFragment.of("FROM " + Identifiers.quote(facts.tree().root().name()) + " AS t WHERE ")
                .then("", condition);
    }

    private static String bound(TimeColumn time, TableTree tree, Instant cutoff) {
        return TimeBound.of(time, tree.column(time.name()).orElseThrow().baseType(), cutoff);
    }
}
