package dev.caretaker.server.partition.listing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Listings that callers are paging through. Reading the catalog costs as much for one page as for all, and pages of one
 * reading fit together. Kept in memory only: a caller who comes late, or to another server, gets a page of a new reading.
 */
final class Snapshots {
    private static final Duration KEPT = Duration.ofMinutes(1);
    /** About 10 MB each for 10,000 partitions. */
    private static final int MOST = 3;

    private final Clock clock;
    private final Map<PartitionQuery, Kept> kept = new LinkedHashMap<>();

    Snapshots(Clock clock) {
        this.clock = clock;
    }

    /** Everything there is, in reading order, and what of it is wanted. */
    record Snapshot(PartitionTree tree, List<ListedPartition> wanted) {}

    private record Kept(Snapshot snapshot, Instant end) {}

    /** What the page before was taken from; empty for a first page. */
    synchronized Optional<Snapshot> continued(PartitionQuery query) {
        kept.values().removeIf(old -> !clock.instant().isBefore(old.end()));
        return query.after()
                .flatMap(page -> Optional.ofNullable(kept.get(query.ofAllPages())))
                .map(Kept::snapshot);
    }

    /** Keeps it for the next page. */
    synchronized void keep(PartitionQuery query, Snapshot snapshot) {
        kept.remove(query.ofAllPages());
        kept.put(query.ofAllPages(), new Kept(snapshot, clock.instant().plus(KEPT)));
        while (kept.size() > MOST) {
            kept.remove(kept.keySet().iterator().next());
        }
    }
}
