package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Reads rows of the application's tables without waiting long: for locks 200 ms, for all of it 30 s. */
final class BriefRead {
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String LOCK_WAIT = "200ms";

    private BriefRead() {}

    /** What is read. */
    interface Read<T> {
        T now() throws SQLException;
    }

    /** Leaves the connection in autocommit and its settings as they were. Throws what the server says, timeouts too. */
    static <T> T of(Connection connection, Read<T> read) throws SQLException {
        return of(connection, LONGEST, read);
    }

    /** @param longest for each statement */
    static <T> T of(Connection connection, Duration longest, Read<T> read) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('statement_timeout', ?, true),"
                                    + " pg_catalog.set_config('lock_timeout', ?, true)",
                            longest.toMillis() + "ms",
                            LOCK_WAIT)
                    .one(connection, row -> row.getString(1));
            return read.now();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
