package dev.caretaker.server.backup;

import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One state of a database, which several sessions see: a transaction that exported it, and those that took it over. It lasts as
 * long as the session that began it.
 *
 * @param id as SET TRANSACTION SNAPSHOT and pg_dump --snapshot take it
 * @param collations those that the database uses
 * @param began System.nanoTime
 * @param longest oldest it may become
 */
public record Snapshot(
        String id,
        Copied.Source source,
        List<CopiedCollation> collations,
        OffsetDateTime at,
        long began,
        Duration longest) {
    /** There is no such table, or no such schema any more. */
    private static final Set<String> GONE = Set.of("42P01", "3F000");

    /** Begins it in a session that does nothing else until then; it sees rows whole or fails. */
    public static Snapshot begin(Session session, Duration longest) throws SQLException {
        Connection connection = session.connection();
        begin(connection);
        settle(connection);
        String id = Sql.of("SELECT pg_catalog.pg_export_snapshot()").one(connection, row -> row.getString(1));
        List<CopiedCollation> collations = CopiedCollation.read(connection, session.capabilities());
        return Sql.resource("backup/source")
                .one(
                        connection,
                        row -> new Snapshot(
                                id,
                                new Copied.Source(
                                        row.getLong("system_identifier"),
                                        row.getLong("database_oid"),
                                        row.getString("database"),
                                        row.getString("server_version"),
                                        row.getInt("major"),
                                        row.getString("encoding"),
                                        row.getString("locale"),
                                        provider(row)),
                                collations,
                                row.getObject("snapshot", OffsetDateTime.class),
                                System.nanoTime(),
                                longest));
    }

    private static Optional<Copied.Provider> provider(ResultSet row) throws SQLException {
        String locale = row.getString("provider_locale");
        return Optional.ofNullable(row.getString("provider"))
                .filter(_ -> locale != null)
                .map(name -> new Copied.Provider(name, locale));
    }

    /** Has another session see the same. */
    public void join(Session session) throws SQLException {
        Connection connection = session.connection();
        begin(connection);
        Sql.of("SET TRANSACTION SNAPSHOT '" + id.replaceAll("[^0-9A-Za-z-]", "") + "'")
                .execute(connection);
        settle(connection);
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Sql.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(connection);
    }

    /** Bounded by {@code longest} alone: a table takes as long as it takes, and while the run is held back nothing happens. */
    private static void settle(Connection connection) throws SQLException {
        Sql.of("SET LOCAL statement_timeout = 0").execute(connection);
        Sql.of("SET LOCAL idle_in_transaction_session_timeout = 0").execute(connection);
        Sql.of("SET LOCAL search_path = pg_catalog, pg_temp").execute(connection);
        TextSettings.apply(connection);
    }

    /**
     * Takes the locks of all tables, so that none is dropped or changed until the end.
     *
     * @throws CaretakerException RELATION_CHANGED if one was dropped since it was found
     */
    public static void lock(Session session, List<FoundTable> tables) throws SQLException {
        if (tables.isEmpty()) {
            return;
        }
        String names = tables.stream()
                .map(table -> "ONLY " + Identifiers.quote(table.name()))
                .collect(Collectors.joining(", "));
        try {
            Sql.of("LOCK TABLE " + names + " IN ACCESS SHARE MODE").execute(session.connection());
        } catch (SQLException e) {
            if (GONE.contains(String.valueOf(e.getSQLState()))) {
                throw CaretakerException.of(
                        Reason.RELATION_CHANGED,
                        "A table was dropped while the backup began: " + PostgresErrors.whole(e) + ".");
            }
            throw e;
        }
    }

    /**
     * A snapshot that grows old keeps VACUUM from its work.
     *
     * @throws CaretakerException SNAPSHOT_TOO_OLD
     */
    public void requireYoung() {
        if (System.nanoTime() - began > longest.toNanos()) {
            throw CaretakerException.of(
                    Reason.SNAPSHOT_TOO_OLD,
                    "The snapshot became older than " + longest.toSeconds()
                            + " s, so that VACUUM could not remove dead rows for too long; there is no backup.");
        }
    }

    /** Kinds of objects that a table copy leaves out, one sentence each. */
    public static List<String> notContained(Session session) throws SQLException {
        Map<String, Long> all = new TreeMap<>(DatabaseObjects.counts(session.connection()));
        all.putAll(counts(session, "backup/not_contained"));
        all.putAll(counts(session, "backup/in_no_backup"));
        return sentences(all);
    }

    /** Those that pg_dump leaves out of all that there is, one sentence each. */
    public static List<String> notDumped(Session session) throws SQLException {
        return sentences(counts(session, "backup/in_no_backup"));
    }

    private static Map<String, Long> counts(Session session, String resource) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        Sql.resource(resource)
                .list(session.connection(), row -> counts.put(row.getString("what"), row.getLong("count")));
        return counts;
    }

    private static List<String> sentences(Map<String, Long> kinds) {
        return kinds.entrySet().stream()
                .map(kind ->
                        "The database has " + kind.getValue() + " " + kind.getKey() + ", which are not in the backup.")
                .toList();
    }
}
