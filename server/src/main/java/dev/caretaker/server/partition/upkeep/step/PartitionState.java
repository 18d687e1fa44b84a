package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as the catalog has it now, attached or not.
 *
 * @param parentOid 0 if it is not attached
 * @param pending whether a concurrent detach was begun and not finished
 * @param bound its bound; empty if it is not attached
 * @param constraint what its rows fulfil while it is attached, as SQL of the server; empty if it is not
 * @param parentDefault default partition of its parent; 0 if there is none
 * @param rows by the planner's statistics; 0 if unknown
 * @param bytes on disk, with indexes and TOAST, and those of its own partitions
 */
record PartitionState(
        long oid,
        TableName name,
        long parentOid,
        boolean pending,
        Optional<PartitionBound> bound,
        Optional<String> constraint,
        long parentDefault,
        long rows,
        long bytes) {

    static Optional<PartitionState> read(Session session, long oid) throws SQLException {
        return Sql.resource("partition/upkeep_partition", oid).first(session.connection(), PartitionState::row);
    }

    /** By name; those that are not there are left out. */
    static Map<TableName, PartitionState> read(Session session, List<TableName> names) throws SQLException {
        List<Long> oids = Sql.resource(
                        "partition/upkeep_taken",
                        session.connection()
                                .createArrayOf(
                                        "text",
                                        names.stream().map(TableName::schema).toArray()),
                        session.connection()
                                .createArrayOf(
                                        "text",
                                        names.stream().map(TableName::name).toArray()))
                .list(session.connection(), row -> row.getLong("oid"));
        Map<TableName, PartitionState> states = new HashMap<>();
        for (long oid : oids) {
            read(session, oid).ifPresent(state -> states.put(state.name(), state));
        }
        return states;
    }

    boolean isAttached() {
        return parentOid != 0;
    }

    /** Whether it is attached with that range; both empty for the default partition. */
    boolean covers(Optional<String> from, Optional<String> to) {
        return bound.map(now -> switch (now) {
                    case PartitionBound.Range range ->
                        range.from().size() == 1
                                && from.equals(
                                        Optional.of(range.from().getFirst().text()))
                                && to.equals(Optional.of(range.to().getFirst().text()));
                    case PartitionBound.Default() -> from.isEmpty();
                    default -> false;
                })
                .orElse(false);
    }

    private static PartitionState row(ResultSet row) throws SQLException {
        return new PartitionState(
                row.getLong("oid"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                row.getLong("parent_oid"),
                row.getBoolean("pending"),
                Optional.ofNullable(row.getString("bound")).map(PartitionBound::parse),
                Optional.ofNullable(row.getString("constraint_sql")),
                row.getLong("parent_default"),
                row.getLong("row_estimate"),
                row.getLong("bytes"));
    }
}
