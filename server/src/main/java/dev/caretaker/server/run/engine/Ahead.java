package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of the next batch, on a thread and a session of its own, while the batch before it is journalled and committed.
 * Begun and ended by the run's own thread.
 *
 * @param <C> cursor of the step
 */
final class Ahead<C extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);
    /** It mostly ends by itself within this. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Session session;
    private final long began = System.nanoTime();
    private final CompletableFuture<Worked<C>> work = new CompletableFuture<>();

    private Ahead(Session session) {
        this.session = session;
    }

    static <C extends Record> Ahead<C> begin(Session session, Callable<Worked<C>> work) {
        Ahead<C> ahead = new Ahead<>(session);
        Thread.ofVirtual().name("ahead").start(() -> ahead.run(work));
        return ahead;
    }

    private void run(Callable<Worked<C>> what) {
        try {
            work.complete(what.call());
        } catch (Exception | Error e) {
            work.completeExceptionally(e);
        }
    }

    /** How long it has been going on. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    boolean isDone() {
        return work.isDone();
    }

    /** Waits until it is worked, or throws what the work threw, which is rolled back then. */
    Worked<C> take() throws SQLException {
        try {
            return work.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case SQLException sql -> throw sql;
                case RuntimeException unexpected -> throw unexpected;
                default -> throw e;
            }
        }
    }

    /**
     * Breaks the work off and waits until nothing of it runs any more. What it did is still to be rolled back. A server that
     * does not answer loses its connection.
     */
    Session breakOff() {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        for (Duration wait = FIRST_WAIT; !ended(wait); wait = wait.multipliedBy(2)) {
            try {
                if (System.nanoTime() < giveUp) {
                    session.cancelStatement();
                } else {
                    session.connection().abort(Runnable::run);
                }
            } catch (SQLException e) {
                LOG.debug("cannot break off a statement, trying again: {}", e.getMessage());
            }
        }
        return session;
    }

    private boolean ended(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (!work.isDone() && System.nanoTime() < end) {
            Waits.sleep(Duration.ofMillis(1));
        }
        return work.isDone();
    }
}
