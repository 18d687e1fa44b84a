package dev.caretaker.server.report.growth;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How large a target was at one moment.
 *
 * @param taken by the control store's clock
 */
public record GrowthSample(String target, Cause cause, Instant taken, Content content) {

    /** Why it was taken. */
    public enum Cause {
        /** Once a day. */
        DAILY,
        /** After a routine. */
        ROUTINE
    }

    /**
     * What was seen, as it is kept.
     *
     * @param databaseBytes size of the database on disk: all files of its relations, system catalogs included
     * @param serverBytes the same of all databases of the server that the role may see; only where the size of the disk is
     *     configured
     * @param unseenDatabases databases of the server that it may not
     * @param countersReset when the server's counters of the database last began anew; empty: never
     * @param tables the largest, by size
     * @param others all other tables together; empty if there are none
     */
    public record Content(
            long databaseBytes,
            OptionalLong serverBytes,
            long unseenDatabases,
            Optional<Instant> countersReset,
            List<TableSize> tables,
            Optional<OtherTables> others,
            List<PolicyRows> policies) {
        public Content {
            tables = Objects.requireNonNullElse(tables, List.of());
            policies = Objects.requireNonNullElse(policies, List.of());
        }
    }

    /**
     * A table, all its partitions together.
     *
     * @param heapBytes without free space and visibility map
     * @param indexBytes of its indexes
     * @param toastBytes of its TOAST tables with their indexes
     * @param rows by the server's counters, an estimate
     * @param deadRows the same
     * @param inserted rows that were inserted since the counters began, those of partitions that are gone left out
     * @param deleted the same of deleted ones
     * @param estimated whether a part was locked, or one of too many, so that its last size in the catalog was taken
     */
    public record TableSize(
            TableName table,
            long heapBytes,
            long indexBytes,
            long toastBytes,
            long rows,
            long deadRows,
            long inserted,
            long deleted,
            boolean estimated) {

        /** With indexes and TOAST. */
        public long bytes() {
            return heapBytes + indexBytes + toastBytes;
        }
    }

    /** Tables that are not kept one by one; bytes as the catalog has them. */
    public record OtherTables(long tables, long bytes, long rows, long deadRows) {}

    /**
     * Rows that one policy concerns.
     *
     * @param eligible rows that the policy would remove now; empty if that could not be told
     * @param exact whether they were counted; else the planner's estimate
     * @param problem why they, or the values, could not be told, a clause; may be empty
     * @param values rows of the table by the value of the column that the policy counts by, most frequent first
     */
    public record PolicyRows(
            String policy,
            TableName table,
            OptionalLong eligible,
            boolean exact,
            String problem,
            Optional<ValueRows> values) {}

    /**
     * Rows by value.
     *
     * @param column that is counted by
     * @param exact whether they were counted; else by the planner's statistics
     * @param counts at most {@value #MOST}; the others are in {@code otherRows}
     */
    public record ValueRows(String column, boolean exact, List<ValueCount> counts, long otherRows) {
        /** Values that are kept. */
        public static final int MOST = 20;
    }

    /**
     * Rows with one value.
     *
     * @param value as text, cut to 64 characters; empty: NULL
     */
    public record ValueCount(Optional<String> value, long rows) {}
}
