package dev.caretaker.server.partition.listing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Listings that callers are paging through. Reading the catalog costs as much for one page as for all, and pages of one
 * reading fit together. Kept in memory only: a caller who comes late, or to another server, gets a page of a new reading.
 */
final class Snapshots {
    private static final long KEPT = TimeUnit.MINUTES.toNanos(1);
    /** About 10 MB each for 10,000 partitions. */
    private static final int MOST = 3;

    private final LongSupplier nanos;
    private final Map<PartitionQuery, Kept> kept = new LinkedHashMap<>();

    /** @param nanos as System.nanoTime, which nobody sets */
    Snapshots(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Everything there is, in reading order, and what of it is wanted. */
    record Snapshot(PartitionTree tree, List<ListedPartition> wanted) {}

    /** @param since as System.nanoTime */
    private record Kept(Snapshot snapshot, long since) {}

    /** What the page before was taken from; empty for a first page. */
    synchronized Optional<Snapshot> continued(PartitionQuery query) {
        kept.values().removeIf(old -> nanos.getAsLong() - old.since() >= KEPT);
        return query.after()
                .flatMap(page -> Optional.ofNullable(kept.get(query.ofAllPages())))
                .map(Kept::snapshot);
    }

    /** Keeps it for the next page. */
    synchronized void keep(PartitionQuery query, Snapshot snapshot) {
        kept.remove(query.ofAllPages());
        kept.put(query.ofAllPages(), new Kept(snapshot, nanos.getAsLong()));
        while (kept.size() > MOST) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
