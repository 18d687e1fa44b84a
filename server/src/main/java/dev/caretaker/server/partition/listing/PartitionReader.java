package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.PartitionRow.Key;
import dev.caretaker.server.partition.listing.PartitionRow.Method;
import dev.caretaker.server.partition.listing.PartitionRow.Size;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.LockedMeanwhile;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Reads partitioned tables with all that is below them, in one pass over the catalog that waits for no lock. */
final class PartitionReader {
    private PartitionReader() {}

    /**
     * Roots first, then level by level.
     *
     * @param schema empty means all schemas
     * @param table empty means all partitioned tables that are not partitions themselves
     */
    static List<PartitionRow> read(Connection connection, String schema, String table) throws SQLException {
        return LockedMeanwhile.again(
                () -> Sql.resource("partition/tree", schema, table).list(connection, PartitionReader::row));
    }

    private static PartitionRow row(ResultSet row) throws SQLException {
        long estimate = (long) row.getDouble("reltuples");
        long live = row.getLong("live_tuples");
        return new PartitionRow(
                row.getLong("root"),
                row.getLong("oid"),
                Optional.ofNullable(row.getObject("parent", Long.class)),
                row.getInt("level"),
                row.getBoolean("detaching"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                key(row),
                row.getBoolean("is_foreign"),
                1,
                Optional.ofNullable(row.getString("bound")).map(PartitionBound::parse),
                new Size(
                        row.getLong("heap_bytes"),
                        row.getLong("index_bytes"),
                        row.getLong("toast_bytes"),
                        row.getBoolean("size_estimated")),
                estimate < 0 ? live : estimate,
                live,
                row.getLong("dead_tuples"),
                row.getLong("inserted"),
                instant(row, "last_vacuum"),
                instant(row, "last_analyze"),
                names(row, "missing_indexes"),
                names(row, "own_indexes"),
                names(row, "own_constraints"));
    }

    private static Optional<Key> key(ResultSet row) throws SQLException {
        String strategy = row.getString("strategy");
        if (strategy == null) {
            return Optional.empty();
        }
        Method method = switch (strategy) {
            case "r" -> Method.RANGE;
            case "l" -> Method.LIST;
            case "h" -> Method.HASH;
            default -> throw new SQLException("unknown partition strategy " + strategy);
        };
        return Optional.of(new Key(method, names(row, "key_columns"), Optional.ofNullable(row.getString("key_type"))));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static List<String> names(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
