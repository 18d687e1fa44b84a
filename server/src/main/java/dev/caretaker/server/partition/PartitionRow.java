package dev.caretaker.server.partition;

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
 * @param bound empty for the root
 * @param rows by planner statistics, or by the cumulative statistics where it was never analyzed
 * @param inserted rows ever inserted, by the cumulative statistics
 * @param missingIndexes indexes of the parent that it lacks or that are invalid on it
 * @param ownConstraints CHECK, FOREIGN KEY and EXCLUDE constraints that the parent does not have
 */
public record PartitionRow(
        long rootOid,
        long oid,
        Optional<Long> parentOid,
        int level,
        boolean detaching,
        TableName name,
        Optional<Key> key,
        Optional<PartitionBound> bound,
        Size size,
        long rows,
        long liveRows,
        long deadRows,
        long inserted,
        Optional<Instant> lastVacuum,
        Optional<Instant> lastAnalyze,
        List<String> missingIndexes,
        List<String> ownConstraints) {

    /**
     * How a table is partitioned.
     *
     * @param columns names; "(expression)" where it is none
     * @param type type of the only column, as format_type writes it; empty for several columns or an expression
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
        public long total() {
            return heap + indexes + toast;
        }
    }
}
