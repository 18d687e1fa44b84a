package dev.caretaker.server.run;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * While very many schedules are due at once, runs are stored before any of them begins: what is due waits for no other's work.
 * Runs are held up for two seconds at most, whoever asked for them.
 */
@Singleton
public final class Rush {
    private static final Duration LONGEST = Duration.ofSeconds(2);

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

    /** Returns when there is no rush. */
    public void letPass() {
        over.join();
    }
}
