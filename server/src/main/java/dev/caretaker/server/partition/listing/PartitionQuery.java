package dev.caretaker.server.partition.listing;

import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which partitions to list.
 *
 * @param table only this one; empty means all partitioned tables
 * @param schema only this one; empty means all
 * @param ages only partitions of these ages; empty means all
 * @param countTimeout counts rows, as many partitions as fit into this time; empty means estimates
 * @param after oid of the last partition of the page before; empty for the first page
 */
public record PartitionQuery(
        String target,
        Optional<TableName> table,
        Optional<String> schema,
        Set<PartitionAge> ages,
        Optional<Duration> countTimeout,
        int pageSize,
        Optional<Long> after) {

    /** The same, whatever the page. */
    PartitionQuery ofAllPages() {
        return new PartitionQuery(target, table, schema, ages, Optional.empty(), 0, Optional.empty());
    }
}
