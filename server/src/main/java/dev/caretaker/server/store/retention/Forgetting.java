package dev.caretaker.server.store.retention;

import dev.caretaker.server.config.RetentionConfig;
import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ControlStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what has been kept for long enough, by the clock of the control store and some rows at a time, so that nobody waits for
 * it; each statement under {@code sql/store/retention_*} says what must stay however old it is. Every server does so; two at once
 * leave to each other what the other one has locked.
 */
@Singleton
public class Forgetting {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
    /** What is left then is for the next time. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final ControlStore store;
    private final RetentionConfig config;

    Forgetting(ControlStore store, RetentionConfig config) {
        this.store = store;
        this.config = config;
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "1m")
    void tick() {
        for (Kept kept : Kept.values()) {
            try {
                long gone = forget(kept);
                LOG.debug("forgot {} rows of {}", gone, kept.text());
            } catch (CaretakerException e) {
                if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                    LOG.debug("{} are forgotten later: {}", kept.text(), e.getMessage());
                } else {
                    LOG.warn("{} that were kept for long enough could not be forgotten", kept.text(), e);
                }
            }
        }
    }

    /** All of a kind that is older than it is kept. Returns how many rows went; those that went with them are not counted. */
    public long forget(Kept kept) {
        return forget(kept, config.span(kept));
    }

    /** All of a kind that is older. */
    public long forget(Kept kept, Duration age) {
        long end = System.nanoTime() + LONGEST.toNanos();
        long gone = 0;
        int some;
        do {
            some = store.update("retention_" + kept.name().toLowerCase(java.util.Locale.ROOT), age.toMillis());
            gone += some;
        } while (some > 0 && System.nanoTime() - end < 0);
        return gone;
    }
}
