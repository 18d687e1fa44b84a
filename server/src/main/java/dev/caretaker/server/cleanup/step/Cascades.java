package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Cascaded;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Counts rows that foreign keys remove or change in other tables, from the sessions' own transaction counters. The server keeps
 * those for a while after a commit, so it is their growth that counts.
 */
final class Cascades {
    private final long own;
    private final List<TableName> tables;
    /** Tables whose counters may not be zero in a session when a batch begins there; without the session that may be any. */
    private final Map<Session, Set<Long>> counting = new ConcurrentHashMap<>();

    Cascades(RowRemoval removal) {
        this.own = removal.eligible().oid();
        this.tables = removal.cascades();
    }

    /** A table's counter. */
    record Counter(long oid, TableName table, long rows) {}

    /** False if the server does not count, so that cascaded rows would be reported as none. */
    boolean countable(Session session) throws SQLException {
        return tables.isEmpty()
                || Sql.of("SELECT CAST(pg_catalog.current_setting('track_counts') AS boolean)")
                        .one(session.connection(), row -> row.getBoolean(1));
    }

    /** Whether keys lead back to the table itself, or to what it is a part of; a rule that they set off may. */
    boolean comeBack(Session session) throws SQLException {
        return !tables.isEmpty()
                && Sql.resource("cleanup/step/comes_back", schemas(session), names(session), Long.toString(own))
                        .one(session.connection(), row -> row.getBoolean("comes_back"));
    }

    /** Counters before a DELETE in this transaction, by oid; what is missing is zero. */
    Map<Long, Long> before(Session session) throws SQLException {
        Set<Long> known = counting.remove(session); // a DELETE that fails counts, too
        if (tables.isEmpty() || known != null && known.isEmpty()) {
            return Map.of();
        }
        Map<Long, Long> rows = new LinkedHashMap<>();
        if (known == null) {
            read(session).forEach(counter -> rows.put(counter.oid(), counter.rows()));
            return rows;
        }
        String oids = known.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        Sql.resource("cleanup/step/cascaded_before", oids)
                .list(session.connection(), row -> rows.put(row.getLong("oid"), row.getLong("rows")));
        return rows;
    }

    /**
     * What went since then beyond the rows deleted by the statement itself.
     *
     * @param deleted rows that it deleted, by table
     */
    List<Cascaded> since(Session session, Map<Long, Long> before, Map<TableName, Long> deleted) throws SQLException {
        if (tables.isEmpty()) {
            return List.of();
        }
        List<Cascaded> cascaded = new ArrayList<>();
        Set<Long> counted = new HashSet<>(before.keySet());
        for (Counter counter : read(session)) {
            counted.add(counter.oid());
            long more =
                    counter.rows() - before.getOrDefault(counter.oid(), 0L) - deleted.getOrDefault(counter.table(), 0L);
            if (more > 0) {
                cascaded.add(new Cascaded(counter.table(), more));
            }
        }
        counting.put(session, counted);
        return cascaded;
    }

    /** All that are not zero, of the tables and their partitions as they are now. */
    private List<Counter> read(Session session) throws SQLException {
        return Sql.resource("cleanup/step/cascaded", schemas(session), names(session))
                .list(
                        session.connection(),
                        row -> new Counter(
                                row.getLong("oid"),
                                new TableName(row.getString("schema"), row.getString("name")),
                                row.getLong("rows")));
    }

    private Array schemas(Session session) throws SQLException {
        return session.connection()
                .createArrayOf("text", tables.stream().map(TableName::schema).toArray());
    }

    private Array names(Session session) throws SQLException {
        return session.connection()
                .createArrayOf("text", tables.stream().map(TableName::name).toArray());
    }
}
