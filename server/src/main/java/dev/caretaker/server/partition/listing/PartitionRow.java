package dev.caretaker.server.partition.listing;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.PartitionBound;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A partitioned table or one of its partitions, as the catalog shows it.
 *
 * @param rootOid the partitioned table asked for
 * @param parentOid immediate parent; empty for the root
 * @param level depth below the root, which has 0
 * @param detaching whether DETACH CONCURRENTLY began and was not finished
 * @param key how it is itself partitioned; empty for a leaf
 * @param foreign whether its rows are on another server
 * @param leaves partitions below it that are not partitioned themselves; 1 if it is such a one
 * @param bound empty for the root
 * @param rows by planner statistics, or by the cumulative statistics where it was never analyzed
 * @param inserted rows ever inserted, by the cumulative statistics
 * @param missingIndexes indexes of the parent that it lacks or that are invalid on it
 * @param ownIndexes indexes that the parent does not have, those of constraints apart
 * @param ownConstraints constraints that the parent does not have, those of NOT NULL apart
 */
public record PartitionRow(
        long rootOid,
        long oid,
        Optional<Long> parentOid,
        int level,
        boolean detaching,
        TableName name,
        Optional<Key> key,
        boolean foreign,
        int leaves,
        Optional<PartitionBound> bound,
        Size size,
        long rows,
        long liveRows,
        long deadRows,
        long inserted,
        Optional<Instant> lastVacuum,
        Optional<Instant> lastAnalyze,
        List<String> missingIndexes,
        List<String> ownIndexes,
        List<String> ownConstraints) {

    /** Itself with the sums over its partitions: a partitioned table has neither rows nor bytes of its own. */
    PartitionRow withSumsOf(List<PartitionRow> partitions) {
        return new PartitionRow(
                rootOid,
                oid,
                parentOid,
                level,
                detaching,
                name,
                key,
                foreign,
                partitions.stream().mapToInt(PartitionRow::leaves).sum(),
                bound,
                partitions.stream().map(PartitionRow::size).reduce(Size.NONE, Size::plus),
                partitions.stream().mapToLong(PartitionRow::rows).sum(),
                partitions.stream().mapToLong(PartitionRow::liveRows).sum(),
                partitions.stream().mapToLong(PartitionRow::deadRows).sum(),
                partitions.stream().mapToLong(PartitionRow::inserted).sum(),
                lastVacuum,
                lastAnalyze,
                missingIndexes,
                ownIndexes,
                ownConstraints);
    }

    /**
     * How a table is partitioned.
     *
     * @param columns names, and expressions as the server writes them; "(expression)" for several of these
     * @param type type of the only column or expression, as format_type writes it; empty for several
     */
    public record Key(Method method, List<String> columns, Optional<String> type) {}

    /** By what a table is partitioned. */
    public enum Method {
        RANGE,
        LIST,
        HASH
    }

    /**
     * Bytes.
     *
     * @param estimated from relpages, because somebody holds or wants the relation exclusively
     */
    public record Size(long heap, long indexes, long toast, boolean estimated) {
        static final Size NONE = new Size(0, 0, 0, false);

        Size plus(Size other) {
            return new Size(
                    heap + other.heap, indexes + other.indexes, toast + other.toast, estimated || other.estimated);
        }

        public long total() {
            return heap + indexes + toast;
        }
    }
}
