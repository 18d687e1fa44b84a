package dev.caretaker.server.reindex;

import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What to rebuild.
 *
 * @param indexes named indexes; a partitioned one stands for those of its partitions
 * @param tables tables whose indexes are meant; a partitioned one stands for its partitions
 * @param minimumPercent smallest bloat for which it is worth it, as a share of the index
 * @param minimumBytes smallest bloat for which it is worth it
 * @param force rebuilds named indexes, or those of named tables, whatever their bloat and cool-down
 * @param mostIndexes most indexes in one run, of those that are not named
 * @param coolDown an index rebuilt more recently is left alone
 * @param freeBytes free space at the target; empty: as configured
 * @param pace how much it gives way to others; empty: as configured
 * @param parent run that asks for it
 */
public record ReindexOrder(
        String target,
        List<TableName> indexes,
        List<TableName> tables,
        double minimumPercent,
        long minimumBytes,
        boolean force,
        int mostIndexes,
        Duration coolDown,
        Optional<Duration> deadline,
        Optional<RunWindow> window,
        OptionalLong freeBytes,
        Optional<Pace> pace,
        Optional<UUID> parent,
        Actor actor) {
    public static final double USUAL_PERCENT = 30;
    public static final long USUAL_BYTES = 100L * 1024 * 1024;
    public static final int USUAL_INDEXES = 10;
    public static final Duration USUAL_COOL_DOWN = Duration.ofDays(10);

    /** Whether somebody named what to rebuild. */
    boolean named() {
        return !indexes.isEmpty() || !tables.isEmpty();
    }
}
