package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of a partition as it is now.
 *
 * @param key its only key column
 * @param keyType type of that column
 * @param defaultPartition oid of its default partition; empty if there is none
 * @param defaultName its name
 * @param defaultBytes heap of the default partition
 * @param referenced oids of tables that its foreign keys reference or that reference it
 */
record Parent(
        long oid,
        TableName name,
        String key,
        String keyType,
        Optional<Long> defaultPartition,
        Optional<TableName> defaultName,
        long defaultBytes,
        List<Long> referenced) {

    /**
     * The table of that oid, which still must have that name.
     *
     * @throws CaretakerException RELATION_CHANGED
     */
    static Parent require(Session session, long oid, TableName name) throws SQLException {
        Optional<Parent> found = Sql.resource("partition/upkeep_parent", oid).first(session.connection(), Parent::row);
        if (found.isEmpty()) {
            throw changed(name, "is gone, or is not partitioned by one column any more");
        }
        if (!found.get().name().equals(name)) {
            throw changed(name, "is called " + found.get().name() + " now");
        }
        return found.get();
    }

    private static CaretakerException changed(TableName name, String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "The table " + name + " that was planned " + what + ".",
                Map.of("table", name.toString()));
    }

    private static Parent row(ResultSet row) throws SQLException {
        long partition = row.getLong("default_oid");
        Array referenced = row.getArray("referenced");
        return new Parent(
                row.getLong("oid"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                row.getString("key_column"),
                row.getString("key_type"),
                partition == 0 ? Optional.empty() : Optional.of(partition),
                partition == 0
                        ? Optional.empty()
                        : Optional.of(new TableName(row.getString("default_schema"), row.getString("default_name"))),
                row.getLong("default_bytes"),
                referenced == null ? List.of() : List.of((Long[]) referenced.getArray()));
    }
}
