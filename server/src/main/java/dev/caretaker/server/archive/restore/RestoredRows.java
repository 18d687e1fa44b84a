package dev.caretaker.server.archive.restore;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.RestoredRowsStore;
import dev.caretaker.server.store.RestoredRowsStore.Kept;
import dev.caretaker.server.store.TableName;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must stay because somebody brought it back. Nothing marks the rows themselves, so what stays is told by time: while this is
 * in force nothing of the table may go that is as old as the oldest restored row, or newer. That holds back rows, too, that would
 * be due otherwise; it is the only form that no mechanism can get wrong, the dropping of whole partitions included.
 */
@Singleton
public final class RestoredRows {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredRows.class);

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private final RestoredRowsStore store;
    private final Clock clock;

    RestoredRows(RestoredRowsStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What stays.
     *
     * @param from rows as old as this, and newer ones; the year 1 for all rows
     * @param until how long
     * @param archive it came from
     */
    public record Stay(Instant from, Instant until, UUID archive) {
        /** Until when, and why, as a clause. */
        public String because() {
            return "until " + Moments.second(until) + ", because rows of archive " + archive + " were brought back";
        }

        /** A cutoff that takes none of them. */
        public Instant cutoff(Instant wanted) {
            return wanted.isBefore(from) ? wanted : from;
        }
    }

    /** What stays of a table, or of a partitioned one above it into which rows were loaded; empty if all may go that is due. */
    public Optional<Stay> of(String target, TableName table) {
        return store.inForce(target, clock.instant()).stream()
                .filter(kept -> kept.table().equals(table))
                .min(Comparator.comparing((Kept kept) -> kept.from().orElse(EARLIEST)))
                .map(kept -> new Stay(kept.from().orElse(EARLIEST), kept.until(), kept.archive()));
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "1m")
    void prune() {
        try {
            store.prune(clock.instant());
        } catch (CaretakerException e) {
            LOG.debug("what is over is forgotten later: {}", e.getMessage());
        }
    }
}
