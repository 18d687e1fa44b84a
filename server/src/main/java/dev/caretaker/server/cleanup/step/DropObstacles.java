package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Identifiers;
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

/**
 * What keeps a partition from being dropped, found before it is detached: a partition that cannot be dropped is better left
 * where it is.
 */
public final class DropObstacles {
    /** While it is tried out, others wait for its locks. */
    private static final String LOCK_WAIT = "100ms";

    private static final String TRIAL = "500ms";

    private DropObstacles() {}

    /**
     * What the catalog says, as clauses by oid: what depends on a partition or on what goes with it, extensions, rights, row
     * security.
     *
     * @param oids partitions
     */
    public static Map<Long, List<String>> find(Connection connection, Collection<Long> oids) throws SQLException {
        Map<Long, List<String>> found = new LinkedHashMap<>();
        String array = oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        Sql.resource("cleanup/step/drop_obstacles", array)
                .list(
                        connection,
                        row -> found.computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                                .add(row.getString("clause")));
        return found;
    }

    /** Names of event triggers that fire on these statements, for people: {@code name (schema.function)}. */
    public static List<String> eventTriggers(Connection connection) throws SQLException {
        return Sql.resource("cleanup/step/ddl_triggers")
                .list(connection, row -> row.getString("name") + " (" + row.getString("function") + ")");
    }

    /**
     * Detaches and drops the partition in a transaction that is rolled back: what code of users says to it, nobody can read from
     * the catalog.
     *
     * @return what Postgres says against it; empty if it works, or if that cannot be told without keeping others waiting
     */
    static Optional<SQLException> tried(Session session, Partition partition) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('lock_timeout', ?, true),"
                                    + " pg_catalog.set_config('statement_timeout', ?, true)",
                            LOCK_WAIT,
                            TRIAL)
                    .one(connection, row -> row.getString(1));
            String name = Identifiers.quote(partition.name());
            Sql.of("ALTER TABLE " + Identifiers.quote(partition.parent().orElseThrow()) + " DETACH PARTITION " + name)
                    .update(connection);
            Sql.of("DROP TABLE " + name).update(connection);
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
