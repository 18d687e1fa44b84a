package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.ContactStore;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether targets can be worked on, as if there were work: servers share them. Nobody looks if nobody is to be told.
 */
@Singleton
final class TargetWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);
    /** Looks at once: one that does not answer takes ten seconds. */
    private static final int AT_ONCE = 16;

    private static final int LOOKS = 3;
    /** Every login costs both sides some milliseconds. */
    private static final Duration MOST = Duration.ofMinutes(5);

    private final NotificationsConfig config;
    private final ContactStore contacts;
    private final Targets targets;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("target-watch-", 0).factory());

    TargetWatch(NotificationsConfig config, ContactStore contacts, Targets targets) {
        this.config = config;
        this.contacts = contacts;
        this.targets = targets;
    }

    @Scheduled(fixedDelay = "2s")
    void tick() {
        if (config.channels().isEmpty() || places.availablePermits() == 0) {
            return;
        }
        Duration every = config.unreachableAfter().dividedBy(LOOKS);
        try {
            for (String name : contacts.claim(targets.names(), every.compareTo(MOST) > 0 ? MOST : every)) {
                threads.execute(() -> look(targets.get(name)));
            }
        } catch (CaretakerException e) {
            LOG.debug("targets are looked at later: {}", e.getMessage());
        }
    }

    private void look(Target target) {
        places.acquireUninterruptibly();
        try {
            try {
                target.withPrimary(connection -> connection.isValid(0));
            } catch (CaretakerException e) {
                // With all of our own connections at work it is busy, and not away.
                if (!e.metadata().containsKey("limit")) {
                    contacts.lost(target.name(), e.reason().name());
                }
                return;
            }
            contacts.had(target.name());
        } catch (CaretakerException e) {
            LOG.debug("what was seen of target {} is seen again later: {}", target.name(), e.getMessage());
        } finally {
            places.release();
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
