package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Cascaded;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts rows that foreign keys remove or change in other tables, from the session's own transaction counters. */
final class Cascades {
    private final List<TableName> tables;

    Cascades(RowRemoval removal) {
        this.tables = removal.cascades();
    }

    /** False if the server does not count, so that cascaded rows would be reported as none. */
    boolean countable(Session session) throws SQLException {
        return tables.isEmpty()
                || Sql.of("SELECT CAST(pg_catalog.current_setting('track_counts') AS boolean)")
                        .one(session.connection(), row -> row.getBoolean(1));
    }

    /** The counters now, by table and partition; only differences within one transaction mean something. */
    Map<TableName, Long> read(Session session) throws SQLException {
        Map<TableName, Long> rows = new LinkedHashMap<>();
        if (tables.isEmpty()) {
            return rows;
        }
        Connection connection = session.connection();
        Array schemas = connection.createArrayOf(
                "text", tables.stream().map(TableName::schema).toArray());
        Array names = connection.createArrayOf(
                "text", tables.stream().map(TableName::name).toArray());
        Sql.resource("cleanup/step/cascaded", schemas, names)
                .list(
                        connection,
                        row -> rows.put(
                                new TableName(row.getString("schema"), row.getString("name")), row.getLong("rows")));
        return rows;
    }

    /** What the counters say beyond the rows deleted by the statement itself, which are given by table. */
    List<Cascaded> difference(Map<TableName, Long> before, Map<TableName, Long> after, Map<TableName, Long> deleted) {
        List<Cascaded> cascaded = new ArrayList<>();
        after.forEach((table, rows) -> {
            long own = deleted.getOrDefault(table, 0L);
            long more = rows - before.getOrDefault(table, 0L) - own;
            if (more > 0) {
                cascaded.add(new Cascaded(table, more));
            }
        });
        return cascaded;
    }
}
