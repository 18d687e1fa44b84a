package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Questions to the server whose answers may take long: each in a transaction of its own, under a timeout, rolled back. */
public final class Asking {
    /**
     * A lock that somebody holds, more partitions than the server can lock, a foreign server that cannot be reached: no
     * reason to fail a plan.
     */
    private static final Set<String> UNANSWERABLE = Set.of(PostgresErrors.LOCK_NOT_AVAILABLE, "53200");
    /** Rows beyond which nobody needs to know how many more there are. */
    private static final long ENOUGH = 10_000;

    private final Connection connection;

    public Asking(Connection connection) {
        this.connection = connection;
    }

    /** Rows that the server's own planner expects of a query, from its EXPLAIN. */
    public long expectedRows(SqlFragment query) throws SQLException {
        return query.statement()
                .explain(connection, "")
                .path("Plan")
                .path("Plan Rows")
                .asLong();
    }

    /** Rows of a table, as the server's own planner expects them. */
    public long tableRows(TableName table) throws SQLException {
        return expectedRows(SqlFragment.of("SELECT 1 FROM ONLY " + Identifiers.quote(table) + " AS t"));
    }

    /** Pages of a table's main fork. */
    public long pages(TableName table) throws SQLException {
        return Sql.of(
                        "SELECT pg_catalog.pg_relation_size(CAST(? AS pg_catalog.regclass))"
                                + " OPERATOR(pg_catalog./) CAST(pg_catalog.current_setting('block_size') AS bigint)",
                        Identifiers.quote(table))
                .one(connection, row -> row.getLong(1));
    }

    /** The number of a query, or empty if it took longer than {@code limit}. */
    Optional<Long> count(SqlFragment query, Duration limit) throws SQLException {
        try {
            return Optional.of(within(limit, () -> query.statement().one(connection, row -> row.getLong(1))));
        } catch (SQLException e) {
            if (PostgresErrors.QUERY_CANCELED.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Work that somebody may do without: empty if it took longer than {@code limit}, or a lock was not to be had. */
    <T> Optional<T> quickly(Duration limit, Work<T> work) throws SQLException {
        try {
            return Optional.of(within(limit, work));
        } catch (SQLException e) {
            if (PostgresErrors.QUERY_CANCELED.equals(e.getSQLState()) || UNANSWERABLE.contains(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** How many rows a query without a select list has, counted up to a limit; a failure for lack of time, rights or locks is told. */
    Tally tally(SqlFragment from, Duration limit) throws SQLException {
        SqlFragment counted = SqlFragment.of("SELECT pg_catalog.count(*) FROM (SELECT 1 ")
                .then("", from)
                .then("", SqlFragment.of(" LIMIT " + (ENOUGH + 1) + ") AS matching"));
        try {
            return count(counted, limit)
                    .map(rows -> Tally.of(rows, ENOUGH))
                    .orElseGet(() -> Tally.failed("counting took longer than " + limit.toMillis() + " ms"));
        } catch (SQLException e) {
            if (PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return Tally.denied(PostgresErrors.clause(e));
            }
            if (UNANSWERABLE.contains(e.getSQLState()) || PostgresErrors.isOfForeignServer(e)) {
                return Tally.failed(PostgresErrors.clause(e));
            }
            throw e;
        }
    }

    /** Work in a transaction that is rolled back in any case, each statement of it under a timeout. */
    <T> T within(Duration limit, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of("SELECT pg_catalog.set_config('statement_timeout', ?, true)", Long.toString(limit.toMillis()))
                    .one(connection, row -> row.getString(1));
            return work.run();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Something that asks. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }
}
