package dev.caretaker.server.report.observe;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The looks at ended runs that this server takes now. They go beside the writing of the end; who is told of that end and asks what was
 * seen waits for the look, so that the answer does not depend on which of the two was faster.
 */
@Singleton
final class LooksUnderWay {
    private static final Logger LOG = LoggerFactory.getLogger(LooksUnderWay.class);
    /** Looks are bounded by their own time limits, which are shorter. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<UUID, CompletableFuture<Void>> byRun = new ConcurrentHashMap<>();

    /** Takes a look, which must not throw, on a thread of its own. */
    void begin(UUID runId, Runnable look) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        byRun.put(runId, done);
        Thread.ofVirtual().name("look-" + runId).start(() -> {
            try {
                look.run();
            } finally {
                byRun.remove(runId, done);
                done.complete(null);
            }
        });
    }

    /** Returns when no look at that run is under way here. */
    void await(UUID runId) {
        CompletableFuture<Void> look = byRun.get(runId);
        if (look != null) {
            await(runId, look);
        }
    }

    private static void await(UUID runId, CompletableFuture<Void> look) {
        try {
            look.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("run {}: the look at what is after it takes long", runId);
        }
    }

    /** A server that stops lets the looks come to their end. */
    @PreDestroy
    void finish() {
        byRun.forEach(LooksUnderWay::await);
    }
}
