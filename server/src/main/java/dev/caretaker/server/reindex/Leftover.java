package dev.caretaker.server.reindex;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * An invalid index that an interrupted REINDEX CONCURRENTLY left behind. Its name alone proves nothing: it is one only beside
 * the index of that name with the same definition. That of a TOAST table counts as one of the table it belongs to.
 *
 * @param original the index that was rebuilt, or that took its place
 * @param builder pid of a session that builds on its table now: then it may be that build's
 * @param owned whether its table is the role's
 * @param reachable whether the role may use its schema: pg_toast only superusers may, if nobody granted it
 */
public record Leftover(
        long oid,
        TableName index,
        TableName original,
        long tableOid,
        TableName table,
        long bytes,
        OptionalInt builder,
        boolean owned,
        boolean reachable) {
    private static final long EVERY = 0;

    /** Of one table, or of all, as the session's role may drop them. */
    static List<Leftover> read(Connection connection, OptionalLong table) throws SQLException {
        return read(connection, table, false);
    }

    /** @param asOwner whether each will be dropped as the owner of its table */
    static List<Leftover> read(Connection connection, OptionalLong table, boolean asOwner) throws SQLException {
        String oid = Long.toString(table.orElse(EVERY));
        return Sql.resource("reindex/leftovers", asOwner, oid, oid).list(connection, row -> {
            int builder = row.getInt("builder");
            OptionalInt building = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(builder);
            return new Leftover(
                    row.getLong("oid"),
                    new TableName(row.getString("schema"), row.getString("name")),
                    new TableName(row.getString("schema"), row.getString("original")),
                    row.getLong("table_oid"),
                    new TableName(row.getString("table_schema"), row.getString("table_name")),
                    row.getLong("bytes"),
                    building,
                    row.getBoolean("owned"),
                    row.getBoolean("reachable"));
        });
    }

    /** Whether the role may drop it. */
    boolean droppable() {
        return owned && reachable;
    }

    /** Whether a rebuild of that index left it. */
    boolean isOf(TableName rebuilt) {
        return original.equals(rebuilt);
    }

    /** Without waiting for the application, and without making it wait. */
    String dropStatement() {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + Identifiers.quote(index);
    }
}
