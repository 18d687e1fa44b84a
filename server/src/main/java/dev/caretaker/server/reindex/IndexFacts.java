package dev.caretaker.server.reindex;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * An index as the catalog has it.
 *
 * @param parent oid of the partitioned index it is a part of
 * @param tableParent oid of the partitioned table its table is a part of
 * @param exclusion whether it serves an exclusion constraint or a key WITHOUT OVERLAPS: such a one cannot be rebuilt
 *     concurrently
 * @param bytes size by the latest VACUUM or ANALYZE
 * @param allowed whether the role may rebuild it
 */
record IndexFacts(
        long oid,
        TableName name,
        long tableOid,
        TableName table,
        boolean partitioned,
        OptionalLong parent,
        OptionalLong tableParent,
        boolean valid,
        boolean exclusion,
        long bytes,
        boolean allowed) {

    /**
     * All indexes there are, by name.
     *
     * @param asOwner whether each table is worked on as its owner
     */
    static List<IndexFacts> read(Connection connection, boolean asOwner) throws SQLException {
        return Sql.resource("reindex/indexes", asOwner).list(connection, IndexFacts::read);
    }

    private static IndexFacts read(ResultSet row) throws SQLException {
        return new IndexFacts(
                row.getLong("oid"),
                new TableName(row.getString("schema"), row.getString("name")),
                row.getLong("table_oid"),
                new TableName(row.getString("table_schema"), row.getString("table_name")),
                row.getBoolean("partitioned"),
                optional(row, "parent"),
                optional(row, "table_parent"),
                row.getBoolean("valid"),
                row.getBoolean("exclusion"),
                row.getLong("bytes"),
                row.getBoolean("allowed"));
    }

    private static OptionalLong optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
