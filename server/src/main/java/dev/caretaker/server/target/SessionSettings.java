package dev.caretaker.server.target;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * What every connection to a target is set to before anything else happens on it.
 *
 * <ul>
 *   <li>Limits: lock_timeout, statement_timeout, idle_in_transaction_session_timeout, idle_session_timeout.
 *   <li>A dead client lets go: tcp_keepalives_*, tcp_user_timeout, client_connection_check_interval.
 *   <li>Nothing is filtered or skipped silently: row_security off (an error instead of a filter),
 *       session_replication_role origin (triggers and foreign keys fire), read committed.
 *   <li>Batches are durable when we say so: synchronous_commit at least local.
 *   <li>The server plans our statements each time, because the driver leaves them unnamed ({@link Sql#often} apart); those of foreign keys and triggers
 *       it plans as the role has plan_cache_mode. No jit; the ways that cleanups go are open to the planner.
 *   <li>Text reads the same everywhere: UTC, ISO dates, names of types without needless quotes.
 *   <li>Names are the catalog's: search_path is pg_catalog, and pg_temp last. The role's own is put aside for what may run an
 *       application's code, see {@link ApplicationPath}.
 * </ul>
 *
 * @param applicationName at most 63 bytes
 * @param answerTimeout longest wait of the client for an answer; zero means as long as the statement lasts
 * @param parameters server settings by name, values with units
 */
record SessionSettings(String applicationName, Duration answerTimeout, Map<String, String> parameters) {
    private static final int NAME_LIMIT = 63;

    /** A server that was told to wait for our journal or upload gives up after this long. */
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(60);

    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration SHORT_STATEMENT = Duration.ofSeconds(30);
    private static final Duration SHORT_LOCK_WAIT = Duration.ofSeconds(1);
    /** The driver notices a silent server this long after the server's own timeout should have spoken. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final String DEAD_CLIENT = "client_connection_check_interval";
    /** Functions and triggers of the application may have left cursors, channels and temporary tables. */
    private static final String AS_NEW =
            "RESET ROLE; SELECT pg_catalog.pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *;"
                    + " DISCARD TEMP; RESET ALL; ";

    private static final Map<String, String> COMMON = Map.ofEntries(
            Map.entry("tcp_keepalives_idle", "10"),
            Map.entry("tcp_keepalives_interval", "5"),
            Map.entry("tcp_keepalives_count", "3"),
            Map.entry("tcp_user_timeout", "20s"),
            Map.entry(DEAD_CLIENT, "5s"),
            Map.entry("row_security", "off"),
            Map.entry("default_transaction_isolation", "read committed"),
            Map.entry("enable_tidscan", "on"),
            Map.entry("enable_indexscan", "on"),
            Map.entry("enable_bitmapscan", "on"),
            Map.entry("enable_partition_pruning", "on"),
            Map.entry("jit", "off"),
            Map.entry("client_min_messages", "warning"),
            Map.entry("datestyle", "ISO, YMD"),
            Map.entry("intervalstyle", "postgres"),
            Map.entry("timezone", "UTC"),
            Map.entry("standard_conforming_strings", "on"),
            Map.entry("transform_null_equals", "off"),
            Map.entry("quote_all_identifiers", "off"),
            Map.entry("array_nulls", "on"),
            Map.entry("transaction_timeout", "0"));

    /** For the work of a run. */
    static SessionSettings work(String applicationName, Duration lockTimeout, Duration statementTimeout) {
        return of(applicationName, Duration.ZERO, lockTimeout, statementTimeout, false);
    }

    /** For watching beside it. */
    static SessionSettings observe(String applicationName) {
        return of(applicationName, SHORT_STATEMENT.plus(GRACE), SHORT_LOCK_WAIT, SHORT_STATEMENT, true);
    }

    /** For short reads and for planning. */
    static SessionSettings pooled(Duration lockTimeout, Duration statementTimeout) {
        return of("caretaker", Duration.ZERO, lockTimeout, statementTimeout, false);
    }

    private static SessionSettings of(
            String applicationName, Duration answer, Duration lock, Duration statement, boolean readOnly) {
        Map<String, String> parameters = new LinkedHashMap<>(COMMON);
        parameters.put("application_name", cut(applicationName));
        parameters.put("lock_timeout", milliseconds(lock));
        parameters.put("statement_timeout", milliseconds(statement));
        parameters.put("idle_in_transaction_session_timeout", milliseconds(IDLE_IN_TRANSACTION));
        parameters.put("idle_session_timeout", milliseconds(IDLE));
        if (readOnly) {
            parameters.put("default_transaction_read_only", "on");
        }
        return new SessionSettings(cut(applicationName), answer, Map.copyOf(parameters));
    }

    /** Makes the settings. Those that the server does not know, or cannot have, are left out. */
    void apply(Connection connection) throws SQLException {
        make(connection, "");
        // A statement that the server keeps by name may get a plan for any values after five runs.
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
    }

    /** Makes them on a connection that was used: whatever a session may have left on it goes before. */
    void renew(Connection connection) throws SQLException {
        make(connection, AS_NEW);
    }

    /** Some platforms cannot poll a socket for a closed peer, and refuse exactly the setting for that. */
    private void make(Connection connection, String before) throws SQLException {
        try {
            make(connection, before, parameters);
        } catch (SQLException e) {
            if (!PostgresErrors.INVALID_PARAMETER_VALUE.equals(e.getSQLState())) {
                throw e;
            }
            Map<String, String> possible = new LinkedHashMap<>(parameters);
            possible.remove(DEAD_CLIENT);
            make(connection, before, possible);
        }
    }

    /** All in one round trip. */
    private static void make(Connection connection, String before, Map<String, String> settings) throws SQLException {
        List<String> names = List.copyOf(settings.keySet());
        String made = before + Sql.resource("target/session_settings").text();
        try (PreparedStatement statement = connection.prepareStatement(made)) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", names.stream().map(settings::get).toArray()));
            statement.execute();
        }
    }

    private static String milliseconds(Duration duration) {
        return duration.toMillis() + "ms";
    }

    private static String cut(String name) {
        String result = name;
        while (result.getBytes(StandardCharsets.UTF_8).length > NAME_LIMIT) {
            result = result.substring(0, result.offsetByCodePoints(result.length(), -1));
        }
        return result;
    }
}
