package dev.caretaker.server.run.engine;

import io.micronaut.context.annotation.DefaultImplementation;
import jakarta.inject.Singleton;
import java.util.UUID;

/** The moment in which a batch is journalled but not yet committed. Tests act in it. */
@DefaultImplementation(CommitGate.Open.class)
interface CommitGate {

    void beforeCommit(UUID runId);

    /** Lets everything through. */
    @Singleton
    final class Open implements CommitGate {
        @Override
        public void beforeCommit(UUID runId) {}
    }
}
