package dev.caretaker.server.report;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Reading that stands in nobody's way: in a read-only transaction of its own, bounded in time, and waiting for no lock. */
public final class BoundedRead {
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

    private BoundedRead() {}

    /**
     * Runs statements.
     *
     * @param timeout longest one
     * @throws SQLException also if one takes longer, or waits for a lock: see {@link
     *     dev.caretaker.server.target.PostgresErrors#isTimeout}
     */
    public static <T> T within(Connection connection, Duration timeout, Statements<T> statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('transaction_read_only', 'on', true),"
                                    + " pg_catalog.set_config('statement_timeout', ?, true),"
                                    + " pg_catalog.set_config('lock_timeout', ?, true)",
                            timeout.toMillis() + "ms",
                            LOCK_TIMEOUT.toMillis() + "ms")
                    .one(connection, row -> row.getString(1));
            return statements.run();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Statements of one transaction. */
    @FunctionalInterface
    public interface Statements<T> {
        T run() throws SQLException;
    }
}
