package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.DeliveryStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up what waits for a channel, or for the digest of a rule, that is no longer configured. */
@Singleton
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    /** A server that knows the channel or rule may be on its way. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final DeliveryStore deliveries;
    private final Digests digests;
    private final NotificationsConfig config;

    Orphans(DeliveryStore deliveries, Digests digests, NotificationsConfig config) {
        this.deliveries = deliveries;
        this.digests = digests;
        this.config = config;
    }

    @Scheduled(fixedDelay = "5m", initialDelay = "1m")
    void giveUp() {
        try {
            int orphans = deliveries.orphans(config.channels().keySet(), PATIENCE);
            if (orphans > 0) {
                LOG.warn("{} notifications reach nobody: their channels are no longer configured", orphans);
            }
            deliveries.forgetStops(config.channels().keySet(), PATIENCE);
            int untold = digests.forget(PATIENCE);
            if (untold > 0) {
                LOG.warn(
                        "{} events reach nobody: the rules or channels of their digests are no longer configured",
                        untold);
            }
        } catch (CaretakerException e) {
            LOG.debug("what has no channel is given up later: {}", e.getMessage());
        }
    }
}
