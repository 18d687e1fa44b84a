package dev.caretaker.server.backup;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes backups that were kept for long enough: marks them, by whichever server comes first, and tells of it. What they have put at
 * their destinations is removed like that of all others that are deleted.
 */
@Singleton
public final class BackupKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BackupKeeper.class);

    private final BackupStore store;
    private final BackupToolsConfig config;
    private final CalmClock clock;
    private final OneByOne oneByOne = new OneByOne(LOG);

    @Inject
    BackupKeeper(BackupStore store, BackupToolsConfig config, @Named("machine") InstantSource machine) {
        this(store, config, new CalmClock(() -> earlier(machine.instant(), store.now()), System::nanoTime));
    }

    BackupKeeper(BackupStore store, BackupToolsConfig config, CalmClock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /** What one of two clocks that are not on one machine says alone makes nothing old. */
    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Scheduled(fixedDelay = "1m", initialDelay = "20s")
    void tick() {
        try {
            oneByOne.each(store.targets(), this::expire);
        } catch (CaretakerException e) {
            LOG.debug("backups are deleted later: {}", e.getMessage());
        }
    }

    /**
     * Deletes those of a target that were kept for long enough.
     *
     * @return which
     */
    public List<UUID> expire(String target) {
        Instant now = clock.now();
        List<UUID> due = Expiry.due(store.stored(target), Retention.usual(config.of(target)), now).stream()
                .map(BackupRow::id)
                .toList();
        List<UUID> gone = due.isEmpty() ? List.of() : store.expire(target, due, now);
        if (!gone.isEmpty()) {
            LOG.info("backups of {} were kept for long enough, and are deleted: {}", target, gone);
        }
        return gone;
    }
}
