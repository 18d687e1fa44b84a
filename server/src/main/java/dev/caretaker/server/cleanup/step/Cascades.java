package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Counts rows that foreign keys remove or change in other tables, from the session's own transaction counters. */
final class Cascades {
    private final List<TableName> tables;
    private final boolean ownTable;

    Cascades(RowRemoval removal) {
        this.tables = removal.cascades();
        this.ownTable = tables.contains(removal.eligible().table());
    }

    /** False if the server does not count, so that cascaded rows would be reported as none. */
    boolean countable(Session session) throws SQLException {
        return tables.isEmpty()
                || Sql.of("SELECT current_setting('track_counts')::boolean")
                        .one(session.connection(), row -> row.getBoolean(1));
    }

    /** The counters' sum now; only differences within one transaction mean something. */
    long read(Session session) throws SQLException {
        if (tables.isEmpty()) {
            return 0;
        }
        Connection connection = session.connection();
        Array schemas = connection.createArrayOf(
                "text", tables.stream().map(TableName::schema).toArray());
        Array names = connection.createArrayOf(
                "text", tables.stream().map(TableName::name).toArray());
        return Sql.resource("cleanup/step/cascaded", schemas, names).one(connection, row -> row.getLong("rows"));
    }

    /** What the counters say beyond the rows deleted by the statement itself. */
    long difference(long before, long after, long deleted) {
        return after - before - (ownTable ? deleted : 0);
    }
}
