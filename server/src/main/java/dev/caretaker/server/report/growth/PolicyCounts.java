package dev.caretaker.server.report.growth;

import dev.caretaker.server.cleanup.plan.facts.PolicyReach;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.report.BoundedRead;
import dev.caretaker.server.report.growth.GrowthSample.PolicyRows;
import dev.caretaker.server.report.growth.GrowthSample.ValueCount;
import dev.caretaker.server.report.growth.GrowthSample.ValueRows;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Counts rows for policies, each in a short time or not at all: then the planner's estimate has to do. Reads only, and waits for no
 * lock.
 */
final class PolicyCounts {
    /** Of all policies of a target together. */
    private static final Duration ALL = Duration.ofMinutes(3);

    private final Target target;
    private final Duration timeout;
    private final Instant now;
    private final long end = System.nanoTime() + ALL.toNanos();

    /**
     * @param timeout longest count
     * @param now from which retention counts back
     */
    PolicyCounts(Target target, Duration timeout, Instant now) {
        this.target = target;
        this.timeout = timeout;
        this.now = now;
    }

    /** In the order given. What is wrong with one keeps no other from being counted. */
    List<PolicyRows> of(List<Policy> policies) {
        List<PolicyRows> all = new ArrayList<>();
        for (Policy policy : policies) {
            all.add(System.nanoTime() - end > 0 ? unknown(policy, "time was up before its turn") : of(policy));
        }
        return all;
    }

    private PolicyRows of(Policy policy) {
        try {
            return target.withPrimary(connection -> read(connection, policy));
        } catch (CaretakerException e) {
            return unknown(policy, e.getMessage());
        }
    }

    private PolicyRows read(Connection connection, Policy policy) throws SQLException {
        Optional<PolicyReach> reach =
                PolicyReach.read(connection, policy, policy.retention().cutoff(now));
        if (reach.isEmpty()) {
            return unknown(policy, "its table, or a column that it names, is gone");
        }
        Optional<Long> counted = counted(connection, policy, reach.get());
        long eligible = counted.isPresent() ? counted.get() : estimated(connection, policy, reach.get());
        String problem = "";
        Optional<ValueRows> values = Optional.empty();
        if (policy.countBy().isPresent()) {
            try {
                values = Optional.of(
                        values(connection, policy.table(), policy.countBy().get()));
            } catch (SQLException e) {
                if (PostgresErrors.isConnectionLoss(e)) {
                    throw e;
                }
                problem = "its rows could not be counted by value: " + PostgresErrors.clause(e);
            }
        }
        return new PolicyRows(
                policy.name(), policy.table(), OptionalLong.of(eligible), counted.isPresent(), problem, values);
    }

    private static PolicyRows unknown(Policy policy, String problem) {
        return new PolicyRows(policy.name(), policy.table(), OptionalLong.empty(), false, problem, Optional.empty());
    }

    /** Empty if it takes too long. */
    private Optional<Long> counted(Connection connection, Policy policy, PolicyReach reach) throws SQLException {
        SqlFragment query = SqlFragment.of("SELECT pg_catalog.count(*)" + from(policy.table()) + " WHERE ")
                .then("", reach.eligible());
        return quickly(connection, () -> query.statement().one(connection, row -> row.getLong(1)));
    }

    private long estimated(Connection connection, Policy policy, PolicyReach reach) throws SQLException {
        SqlFragment query =
                SqlFragment.of("SELECT 1" + from(policy.table()) + " WHERE ").then("", reach.eligible());
        return BoundedRead.within(
                connection,
                timeout,
                () -> query.statement()
                        .explain(connection, "")
                        .path("Plan")
                        .path("Plan Rows")
                        .asLong());
    }

    private ValueRows values(Connection connection, TableName table, String column) throws SQLException {
        String value = "pg_catalog.left(CAST(t." + Identifiers.quote(column) + " AS pg_catalog.text), 64)";
        Sql query = Sql.of("SELECT c.value, c.rows, CAST(pg_catalog.sum(c.rows) OVER () AS pg_catalog.int8) AS all_rows"
                + " FROM (SELECT " + value + " AS value, pg_catalog.count(*) AS rows" + from(table)
                + " GROUP BY 1) AS c ORDER BY c.rows DESC, c.value LIMIT " + ValueRows.MOST);
        List<Counted> counted =
                quickly(connection, () -> query.list(connection, Counted::read)).orElse(List.of());
        return counted.isEmpty()
                ? BoundedRead.within(connection, timeout, () -> guessed(connection, table, column))
                : valueRows(column, true, counted);
    }

    /** An empty table has no statistics either. */
    private static ValueRows guessed(Connection connection, TableName table, String column) throws SQLException {
        double rows = Sql.of(
                        "SELECT pg_catalog.sum(greatest(c.reltuples, 0)) FROM pg_catalog.pg_class AS c"
                                + " WHERE c.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(CAST(? AS pg_catalog.regclass)) WHERE isleaf)"
                                + " OR c.oid = CAST(? AS pg_catalog.regclass) AND c.relkind <> 'p'",
                        Identifiers.quote(table),
                        Identifiers.quote(table))
                .one(connection, row -> row.getDouble(1));
        List<Counted> counted = Sql.resource(
                        "report/growth_values", rows, table.schema(), table.name(), column, ValueRows.MOST)
                .list(
                        connection,
                        row -> new Counted(
                                Optional.ofNullable(row.getString("value")).map(PolicyCounts::cut),
                                row.getLong("rows"),
                                (long) rows));
        return valueRows(column, false, counted);
    }

    private static String cut(String value) {
        return value.codePointCount(0, value.length()) <= 64
                ? value
                : value.substring(0, value.offsetByCodePoints(0, 64));
    }

    private static ValueRows valueRows(String column, boolean exact, List<Counted> counted) {
        long told = counted.stream().mapToLong(Counted::rows).sum();
        long all = counted.stream().mapToLong(Counted::all).findFirst().orElse(told);
        return new ValueRows(
                column,
                exact,
                counted.stream()
                        .map(one -> new ValueCount(one.value(), one.rows()))
                        .toList(),
                Math.max(0, all - told));
    }

    private static String from(TableName table) {
        return " FROM " + Identifiers.quote(table) + " AS t";
    }

    /** Empty if it takes too long, or waits for a lock. */
    private <T> Optional<T> quickly(Connection connection, BoundedRead.Statements<T> work) throws SQLException {
        try {
            return Optional.of(BoundedRead.within(connection, timeout, work));
        } catch (SQLException e) {
            if (PostgresErrors.isTimeout(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private record Counted(Optional<String> value, long rows, long all) {
        static Counted read(ResultSet row) throws SQLException {
            return new Counted(
                    Optional.ofNullable(row.getString("value")), row.getLong("rows"), row.getLong("all_rows"));
        }
    }
}
