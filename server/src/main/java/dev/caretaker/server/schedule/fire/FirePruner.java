package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.config.SchedulesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets what became of nominal times that are long past, by the clock of the control store, some at a time. */
@Singleton
final class FirePruner {
    private static final Logger LOG = LoggerFactory.getLogger(FirePruner.class);

    private final FireStore fires;
    private final ScheduleStore clock;
    private final SchedulesConfig config;

    FirePruner(FireStore fires, ScheduleStore clock, SchedulesConfig config) {
        this.fires = fires;
        this.clock = clock;
        this.config = config;
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "1m")
    void prune() {
        try {
            Instant before = clock.now().minus(config.fireRetention());
            int gone = 0;
            int some;
            do {
                some = fires.prune(before);
                gone += some;
            } while (some > 0);
            LOG.debug("pruned {} fires", gone);
        } catch (CaretakerException e) {
            LOG.debug("fires are pruned later: {}", e.getMessage());
        }
    }
}
