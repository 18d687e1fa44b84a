package dev.caretaker.server.backup.dump;

import dev.caretaker.server.run.job.Gate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of work that is done while a program runs beside it: it closes when the program fails, too. The program is waited for on
 * a thread of its own.
 */
final class Beside implements Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Beside.class);
    private static final long AGAIN_MILLIS = 200;

    private final Gate run;
    private final Set<Runnable> stops = ConcurrentHashMap.newKeySet();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Begins to wait for a program.
     *
     * @param waiting returns when it has ended well, else throws
     */
    Beside(Gate run, String name, Runnable waiting) {
        this.run = run;
        this.thread = Thread.ofVirtual().name(name).start(() -> attend(waiting));
    }

    private void attend(Runnable waiting) {
        try {
            waiting.run();
        } catch (RuntimeException e) {
            failure.set(e);
            stopAll();
        }
    }

    /** A statement that has just been sent is cancelled by the next one. */
    private void stopAll() {
        try {
            do {
                stops.forEach(Beside::stop);
            } while (!over.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.debug("ending a statement beside a program failed: {}", e.toString());
        }
    }

    /** What the program failed of, if it did. */
    Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** The work beside it is done, or failed. */
    void workEnded() {
        over.countDown();
    }

    /**
     * Waits for the end of the program, once the work beside it is done.
     *
     * @throws RuntimeException what it failed of
     */
    void join() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedException();
        }
        failure().ifPresent(e -> {
            throw e;
        });
    }

    @Override
    public void pass() {
        if (failure.get() != null) {
            throw new EndedException();
        }
        run.pass();
    }

    @Override
    public boolean isOpen() {
        return run.isOpen();
    }

    @Override
    public Registration onEnd(Runnable stop) {
        stops.add(stop);
        Registration outer = run.onEnd(stop);
        return () -> {
            stops.remove(stop);
            outer.close();
        };
    }

    @Override
    public Registration watch(Runnable check) {
        return run.watch(check);
    }

    @Override
    public void at(double fraction, String phase) {
        run.at(fraction, phase);
    }

    @Override
    public void warn(String code, String message) {
        run.warn(code, message);
    }
}
