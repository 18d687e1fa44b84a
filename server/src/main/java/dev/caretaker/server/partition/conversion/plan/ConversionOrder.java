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
 * @param near a key from which on the boundary is too near to go on; empty for keys that are times
 * @param indexes unique indexes to be built beside the table, in order
 * @param partitions those from the boundary on
 * @param parent statements that make the partitioned table and its partitions, in one transaction
 * @param cutOver statements of the cut-over, in one transaction
 * @param revert statements of the way back after it, in one transaction
 * @param brings whether the way back brings along rows at or above the boundary, as long as they are few
 * @param leftovers statements of the way back that validate what the revert put back unchecked, one by one
 * @param referenced oids of tables that are locked in the cut-over as well
 * @param when when the cut-over happens
 */
public record ConversionOrder(
        PlainTable table,
        TableName legacy,
        TableName prepared,
        String key,
        String keyType,
        String boundary,
        Optional<Instant> boundaryTime,
        Optional<String> near,
        List<KeyIndex> indexes,
        List<TableName> partitions,
        List<String> parent,
        List<String> cutOver,
        List<String> revert,
        boolean brings,
        List<String> leftovers,
        List<Long> referenced,
        CutOver when) {
    /** Constraint of a table that is being converted: it proves the bound of the partition that the table becomes. */
    public static final String CHECK = "caretaker_conversion";
    /** Rows at or above the boundary that the way back brings along in its transaction: more would make others wait. */
    public static final int MOST_BROUGHT = 10_000;

    /**
     * A unique index that is built concurrently.
     *
     * @param wide whether it has the partition key in addition; else it keeps the old key for the way back
     */
    public record KeyIndex(TableName name, String sql, boolean wide) {}

    /** Adds the constraint, unchecked: from here on rows from the boundary on are refused. */
    public String bound() {
        return alter() + "ADD " + check() + " CHECK (" + below() + ") NOT VALID";
    }

    /** Reads the table once. */
    public String validate() {
        return alter() + "VALIDATE " + check();
    }

    /** Takes the constraint back. */
    public String unbound() {
        return alter() + "DROP " + check();
    }

    /** Statistics of a partitioned table come from nobody else. */
    public String analyze() {
        return "ANALYZE " + Identifiers.quote(table.name());
    }

    /** The condition that all rows fulfil and that proves the bound of the partition below the boundary. */
    private String below() {
        String column = Identifiers.quote(key);
        return "(" + column + " IS NOT NULL) AND (" + column + " OPERATOR(pg_catalog.<) CAST("
                + Literals.quote(boundary) + " AS " + keyType + "))";
    }

    private String alter() {
        return "ALTER TABLE " + Identifiers.quote(table.name()) + " ";
    }

    private static String check() {
        return "CONSTRAINT " + Identifiers.quote(CHECK);
    }
}
