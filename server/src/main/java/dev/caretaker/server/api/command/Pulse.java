package dev.caretaker.server.api.command;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.RequestStore;
import dev.caretaker.server.store.RequestStore.Attempt;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps attempts alive while they act, so that others do not take them over. */
@Singleton
class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final RequestStore requests;
    private final Set<Attempt> acting = ConcurrentHashMap.newKeySet();

    Pulse(RequestStore requests) {
        this.requests = requests;
    }

    /** Keeps the attempt alive until closed. */
    Beat of(Attempt attempt) {
        acting.add(attempt);
        return () -> acting.remove(attempt);
    }

    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void beat() {
        List<Attempt> now = List.copyOf(acting);
        if (now.isEmpty()) {
            return;
        }
        try {
            requests.alive(now);
        } catch (CaretakerException e) {
            LOG.debug(
                    "cannot tell the control store that {} requests are being worked on: {}",
                    now.size(),
                    e.getMessage());
        }
    }

    /** An attempt that is acting. */
    @FunctionalInterface
    interface Beat extends AutoCloseable {
        @Override
        void close();
    }
}
