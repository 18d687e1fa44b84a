package dev.caretaker.server.target;

import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;

/** Closes idle connections to targets within half a minute. */
@Singleton
final class IdleConnections {
    private final Targets targets;

    IdleConnections(Targets targets) {
        this.targets = targets;
    }

    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void close() {
        targets.closeIdle();
    }
}
