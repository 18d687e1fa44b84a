package dev.caretaker.server.run.engine;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who watch a run on this server as soon as it writes an event of the run, so that they need not wait for their
 * next look. What other servers write is found by looking.
 */
@Singleton
final class Bell {
    private final Map<UUID, Set<Ear>> ears = new ConcurrentHashMap<>();

    /** Something about the run was written. */
    void ring(UUID runId) {
        ears.getOrDefault(runId, Set.of()).forEach(Ear::hear);
    }

    /** Hears every ring from now on, until closed. */
    Ear listen(UUID runId) {
        Ear ear = new Ear(runId);
        ears.computeIfAbsent(runId, id -> ConcurrentHashMap.newKeySet()).add(ear);
        return ear;
    }

    private void remove(Ear ear) {
        ears.computeIfPresent(ear.runId, (id, listening) -> {
            listening.remove(ear);
            return listening.isEmpty() ? null : listening;
        });
    }

    /** One who listens; used by one thread. */
    final class Ear implements AutoCloseable {
        private final UUID runId;
        private final Semaphore rung = new Semaphore(0);

        private Ear(UUID runId) {
            this.runId = runId;
        }

        private void hear() {
            if (rung.availablePermits() == 0) {
                rung.release();
            }
        }

        /** Returns when the bell rang since the last time, or this much time has passed, or the thread is interrupted. */
        void await(Duration longest) {
            try {
                if (rung.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                    rung.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            remove(this);
        }
    }
}
