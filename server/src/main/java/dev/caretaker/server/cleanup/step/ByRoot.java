package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;

/**
 * The partitioned table in whose name rows of one of its partitions are deleted: only then do its statement triggers fire, as they
 * would for a DELETE that somebody wrote by hand. The statement stays on the partition: besides {@code tableoid} it repeats the
 * partition's bounds, which spares the server every other partition (partition pruning).
 *
 * @param oid as planned
 * @param table its name when planned
 */
public record ByRoot(long oid, TableName table) {

    /**
     * How a DELETE of rows of the partition begins.
     *
     * @throws CaretakerException RELATION_CHANGED if the table has another name now, or the partition is none any more
     */
    String deleteFrom(Session session, Eligibility partition) throws SQLException {
        TableName now = Sql.resource("cleanup/step/relation", Long.toString(oid))
                .first(session.connection(), row -> new TableName(row.getString("schema"), row.getString("name")))
                .orElseThrow(() -> Relation.changed(table, "was dropped"));
        if (!now.equals(table)) {
            throw Relation.changed(table, "is now named " + now);
        }
        String bounds = Sql.of(
                        "SELECT pg_catalog.pg_get_partition_constraintdef(CAST(? AS pg_catalog.oid))",
                        Long.toString(partition.oid()))
                .first(session.connection(), row -> row.getString(1))
                .orElseThrow(() -> Relation.changed(partition.table(), "was detached"));
        return " FROM " + Identifiers.quote(table) + " AS t WHERE (" + bounds + ") AND ";
    }
}
