package dev.caretaker.server.run;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * While very many schedules are due at once, runs are stored before any of them begins: what is due waits for no other's work.
 * Runs are held up for five seconds at most, whoever asked for them.
 */
@Singleton
public final class Rush {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final ExecutorService background = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("after-rush").factory());
    private volatile CompletableFuture<Void> over = CompletableFuture.completedFuture(null);

    /** Very many are due. */
    public synchronized void begins() {
        if (over.isDone()) {
            over = new CompletableFuture<Void>().completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The last of them is being started. */
    public void ends() {
        over.complete(null);
    }

    /** Does it when there is no rush: at once, or later in the order in which it was asked for. It must not throw. */
    public void after(Runnable work) {
        if (over.isDone()) {
            work.run();
        } else {
            background.execute(() -> {
                letPass();
                work.run();
            });
        }
    }

    /** What still waits is left to the sweeper. */
    @PreDestroy
    void stop() {
        background.shutdownNow();
    }

    /** Returns when there is no rush. */
    public void letPass() {
        over.join();
    }
}
