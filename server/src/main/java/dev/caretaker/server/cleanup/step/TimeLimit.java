package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Tries something for a while, and leaves the transaction usable if that was not long enough. */
final class TimeLimit {
    private TimeLimit() {}

    /** Work at a target. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    /**
     * Runs the work inside the open transaction, or in one of its own.
     *
     * @return empty if it took longer than {@code limit}, or a lock was not to be had
     */
    static <T> Optional<T> within(Session session, Duration limit, Work<T> work) throws SQLException {
        Connection connection = session.connection();
        if (!connection.getAutoCommit()) {
            return inTransaction(connection, limit, work);
        }
        connection.setAutoCommit(false);
        try {
            Optional<T> result = inTransaction(connection, limit, work);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static <T> Optional<T> inTransaction(Connection connection, Duration limit, Work<T> work)
            throws SQLException {
        String previous = Sql.of("SELECT pg_catalog.current_setting('statement_timeout')")
                .one(connection, row -> row.getString(1));
        Sql.of("SAVEPOINT caretaker_limit").update(connection);
        set(connection, limit.toMillis() + "ms");
        long start = System.nanoTime();
        try {
            T result = work.run();
            Sql.of("RELEASE SAVEPOINT caretaker_limit").update(connection);
            set(connection, previous);
            return Optional.of(result);
        } catch (SQLException e) {
            boolean expired = PostgresErrors.QUERY_CANCELED.equals(e.getSQLState())
                    && System.nanoTime() - start >= limit.toNanos();
            if (!expired && !PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            Sql.of("ROLLBACK TO SAVEPOINT caretaker_limit").update(connection);
            return Optional.empty();
        }
    }

    private static void set(Connection connection, String timeout) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('statement_timeout', ?, true)", timeout)
                .one(connection, row -> row.getString(1));
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
