package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A conversion as planned: every statement of it and of the way back.
 *
 * @param table as it is, by which the cut-over knows whether anything changed
 * @param legacy what the table is called once it is the partition below the boundary
 * @param prepared what the partitioned table is called before the cut-over
 * @param key name of the partition key's column
 * @param keyType its type
 * @param boundary all rows are below it, as the text of a bound
 * @param boundaryTime when that is reached; empty for keys that are no times
 * @param indexes unique indexes to be built beside the table, in order
 * @param partitions those from the boundary on
 * @param parent statements that make the partitioned table and its partitions, in one transaction
 * @param cutOver statements of the cut-over, in one transaction
 * @param revert statements of the way back after it, in one transaction
 * @param leftovers statements of the way back that validate what the revert put back unchecked, one by one
 * @param referenced oids of tables that are locked in the cut-over as well
 * @param onRequest whether the cut-over waits until it is asked for
 */
public record ConversionOrder(
        PlainTable table,
        TableName legacy,
        TableName prepared,
        String key,
        String keyType,
        String boundary,
        Optional<Instant> boundaryTime,
        List<KeyIndex> indexes,
        List<TableName> partitions,
        List<String> parent,
        List<String> cutOver,
        List<String> revert,
        List<String> leftovers,
        List<Long> referenced,
        boolean onRequest) {

    /**
     * A unique index that is built concurrently.
     *
     * @param wide whether it has the partition key in addition; else it keeps the old key for the way back
     */
    public record KeyIndex(TableName name, String sql, boolean wide) {}

    /** The condition that all rows fulfil and that proves the bound of the partition below the boundary. */
    public String below() {
        String column = Identifiers.quote(key);
        return "(" + column + " IS NOT NULL) AND (" + column + " OPERATOR(pg_catalog.<) CAST("
                + Literals.quote(boundary) + " AS " + keyType + "))";
    }
}
