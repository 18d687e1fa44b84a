package dev.caretaker.server.reindex;

import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.OptionalLong;

/**
 * What to rebuild.
 *
 * @param indexes named indexes; a partitioned one stands for those of its partitions
 * @param tables tables whose indexes are meant; a partitioned one stands for its partitions
 * @param worth of the bloat that others of them have to have
 * @param force rebuilds named indexes, or those of named tables, whatever their bloat and cool-down
 * @param freeBytes free space at the target; empty: as configured
 * @param terms who asks, and within which bounds
 */
public record ReindexOrder(
        String target,
        List<TableName> indexes,
        List<TableName> tables,
        Worth worth,
        boolean force,
        OptionalLong freeBytes,
        RunTerms terms) {

    /** Whether somebody named what to rebuild. */
    boolean named() {
        return !indexes.isEmpty() || !tables.isEmpty();
    }
}
