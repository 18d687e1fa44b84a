package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.RowTime;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.RelationKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which rows a policy concerns, for those who only look: predicates over the table's alias {@code t}, partitions included,
 * rows that others reference included.
 *
 * @param time a row's time as timestamptz; NULL where it has none, see {@link RowTime}
 * @param eligible rows that are older than the cutoff and pass the filter
 * @param reached rows that are eligible now or will be some day
 * @param held predicate: a row of another table refers to the row, so that it cannot be deleted, or may refer to it
 * @param holders which tables' rows do or may, an array of texts
 */
public record PolicyReach(
        SqlFragment time, SqlFragment eligible, SqlFragment reached, SqlFragment held, SqlFragment holders) {
    /** No row is younger. */
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    /** Reads the table from the catalog; empty if it, or a column that the policy names, is no longer there. */
    public static Optional<PolicyReach> read(Connection connection, Policy policy, Instant cutoff) throws SQLException {
        Optional<TableTree> tree = TableTree.read(connection, policy.table());
        if (tree.isEmpty() || !columnsExist(policy, tree.get())) {
            return Optional.empty();
        }
        Holders holders = new Holders(tree.get());
        return Optional.of(new PolicyReach(
                RowTime.of(
                        policy.timeColumn(),
                        eligibility(policy, tree.get(), cutoff).time()),
                local(eligibility(policy, tree.get(), cutoff).anywhere(), tree.get()),
                eligibility(policy, tree.get(), NEVER).anywhere(),
                holders.held(),
                holders.named()));
    }

    /** Rows of foreign partitions are left out by a cleanup, however old they are. */
    private static SqlFragment local(SqlFragment eligible, TableTree tree) {
        String foreign = tree.relations().stream()
                .filter(relation -> relation.kind() == RelationKind.FOREIGN_TABLE)
                .map(relation -> Long.toString(relation.oid()))
                .collect(Collectors.joining(","));
        return foreign.isEmpty()
                ? eligible
                : SqlFragment.of("(")
                        .then("", eligible)
                        .then(
                                "",
                                SqlFragment.of(") AND t.tableoid OPERATOR(pg_catalog.<>) ALL (CAST('{" + foreign
                                        + "}' AS pg_catalog.oid[]))"));
    }

    private static boolean columnsExist(Policy policy, TableTree tree) {
        return tree.column(policy.timeColumn().name()).isPresent()
                && policy.filter()
                        .map(Filters::columns)
                        .map(columns -> columns.stream()
                                .allMatch(column -> tree.column(column).isPresent()))
                        .orElse(true);
    }

    private static Eligibility eligibility(Policy policy, TableTree tree, Instant cutoff) {
        TimeColumn column = policy.timeColumn();
        String bound =
                TimeBound.of(column, tree.column(column.name()).orElseThrow().baseType(), cutoff);
        return Eligibilities.of(policy, tree, bound, tree.root());
    }
}
