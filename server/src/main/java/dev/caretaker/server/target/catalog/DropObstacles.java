package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What keeps a table from being dropped, found before anything of it goes: what cannot be dropped is better left as it is. */
public final class DropObstacles {
    /** While it is tried out, others wait for its locks. */
    private static final String LOCK_WAIT = "100ms";

    private static final String TRIAL = "500ms";

    private DropObstacles() {}

    /**
     * What the catalog says, as clauses by oid: what depends on a partition or on what goes with it, extensions, rights, and row
     * security, which would hide rows that have to be seen before it goes.
     *
     * @param oids partitions, attached or not
     */
    public static Map<Long, List<String>> find(Connection connection, Collection<Long> oids) throws SQLException {
        return find(connection, oids, true);
    }

    /** As {@link #find}, of one table whose rows nobody has to read any more. */
    public static List<String> unread(Connection connection, long oid) throws SQLException {
        return find(connection, List.of(oid), false).getOrDefault(oid, List.of());
    }

    private static Map<Long, List<String>> find(Connection connection, Collection<Long> oids, boolean reads)
            throws SQLException {
        Map<Long, List<String>> found = new LinkedHashMap<>();
        String array = oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        Sql.resource("target/drop_obstacles", array, reads)
                .often()
                .list(
                        connection,
                        row -> found.computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                                .add(row.getString("clause")));
        return found;
    }

    /** Names of event triggers that fire on these statements, for people: {@code name (schema.function)}. */
    public static List<String> eventTriggers(Connection connection) throws SQLException {
        return Sql.resource("target/ddl_triggers")
                .often()
                .list(connection, row -> row.getString("name") + " (" + row.getString("function") + ")");
    }

    /**
     * Tries the statements that drop a table, in a transaction that is rolled back: what code of users says to them, nobody can
     * read from the catalog.
     *
     * @return what Postgres says against it; empty if it works, or if that cannot be told without keeping others waiting
     */
    public static Optional<SQLException> tried(Session session, List<String> statements) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('lock_timeout', ?, true),"
                                    + " pg_catalog.set_config('statement_timeout', ?, true)",
                            LOCK_WAIT,
                            TRIAL)
                    .one(connection, row -> row.getString(1));
            for (String statement : statements) {
                Sql.of(statement).update(connection);
            }
            return Optional.empty();
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return PostgresErrors.isRetryable(e) ? Optional.empty() : Optional.of(e);
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
