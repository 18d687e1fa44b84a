package dev.caretaker.server.reindex;

import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Drops an invalid index concurrently, outside of the engine's care: bounded in time as a whole, since a lock timeout in the
 * middle of a concurrent statement would only leave another mess. Whatever breaks it off, the index is as invalid as before.
 */
final class LeftoverDrop {
    private static final String PROTECTED = "old transactions still protect it";

    private LeftoverDrop() {}

    private static void drop(Connection connection, Leftover leftover, Duration longest) throws SQLException {
        String statementTimeout = set(connection, "statement_timeout", longest.toMillis() + "ms");
        String lockTimeout = set(connection, "lock_timeout", "0");
        try {
            ApplicationPath.within(
                    connection, () -> Sql.of(leftover.dropStatement()).update(connection));
        } finally {
            set(connection, "lock_timeout", lockTimeout);
            set(connection, "statement_timeout", statementTimeout);
        }
    }

    /**
     * Returns what kept it from being dropped, a clause without its full stop; empty if it was dropped.
     *
     * @param longest time it may take
     */
    static Optional<String> tryDrop(Connection connection, Leftover leftover, Duration longest) throws SQLException {
        if (longest.toMillis() < 1) {
            return Optional.of(PROTECTED); // 0 would be no limit
        }
        try {
            drop(connection, leftover, longest);
            return Optional.empty();
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return Optional.of(PostgresErrors.isTimeout(e) ? PROTECTED : PostgresErrors.clause(e));
        }
    }

    /** Returns what it was before. */
    private static String set(Connection connection, String name, String value) throws SQLException {
        String before = Sql.of("SELECT pg_catalog.current_setting(?)", name).one(connection, row -> row.getString(1));
        Sql.of("SELECT pg_catalog.set_config(?, ?, false)", name, value).one(connection, row -> row.getString(1));
        return before;
    }
}
