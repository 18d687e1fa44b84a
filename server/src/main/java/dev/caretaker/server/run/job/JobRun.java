package dev.caretaker.server.run.job;

import dev.caretaker.server.error.CaretakerException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job at work, and the gate it passes. The gate is open for a moment at a time, while the step is asked for batches; when it is
 * not, the job waits, as long as the run is one that will go on here.
 */
final class JobRun implements Gate {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
    /** Longer than a batch with its journal takes, so that a run that nothing holds back never waits. */
    private static final Duration OPEN = Duration.ofSeconds(2);

    private static final long LOOK_MILLIS = 200;

    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Set<Runnable> stops = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> checks = ConcurrentHashMap.newKeySet();
    private final Queue<Warning> warnings = new ConcurrentLinkedQueue<>();
    private final BooleanSupplier goesOn;
    private volatile long openUntil = System.nanoTime() + OPEN.toNanos();
    private volatile boolean ended;
    /** Why, if a check did not hold. */
    private volatile Optional<RuntimeException> broken = Optional.empty();

    private volatile double fraction = -1;
    private volatile String phase = "beginning";

    /** What is to be told. */
    record Warning(String code, String message) {}

    private JobRun(BooleanSupplier goesOn) {
        this.goesOn = goesOn;
    }

    /**
     * Begins a job.
     *
     * @param goesOn whether the run still is to be worked here; asked while the gate is closed
     */
    static JobRun begin(Job job, String name, BooleanSupplier goesOn) {
        JobRun run = new JobRun(goesOn);
        Thread.ofVirtual().name(name).start(() -> run.work(job));
        Thread.ofVirtual().name(name + "-watch").start(run::watch);
        return run;
    }

    private void work(Job job) {
        try {
            result.complete(job.run(this));
        } catch (SQLException | IOException | RuntimeException e) {
            result.completeExceptionally(broken.isPresent() ? broken.get() : e);
        } catch (Error e) {
            result.completeExceptionally(e);
        } finally {
            over.countDown();
        }
    }

    /** What blocks in a statement does not ask at the gate. */
    private void watch() {
        try {
            while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!ended) {
                    check();
                }
                if (!isOpen() && !ended && !goesOn()) {
                    ended = true;
                }
                if (ended) {
                    stops.forEach(this::stop);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() {
        try {
            checks.forEach(Runnable::run);
        } catch (RuntimeException e) {
            broken = Optional.of(e);
            ended = true;
        }
    }

    private void stop(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.debug("ending a part of a job failed: {}", e.toString());
        }
    }

    private boolean goesOn() {
        try {
            return goesOn.getAsBoolean();
        } catch (CaretakerException e) {
            return true; // nobody knows; the control store may be back soon
        } catch (RuntimeException e) {
            LOG.warn("whether a job still is to be done here is not known", e);
            return true; // whoever watches must not stop
        }
    }

    @Override
    public boolean isOpen() {
        return ended || openUntil - System.nanoTime() > 0;
    }

    /** Lets it work for a moment. */
    void open() {
        openUntil = System.nanoTime() + OPEN.toNanos();
    }

    /**
     * Waits for its end, for a while.
     *
     * @return what became of it; empty if it is still at work
     */
    Optional<String> await(Duration longest) throws SQLException, IOException {
        try {
            return Optional.of(result.get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw rethrow(e.getCause());
        }
    }

    private static RuntimeException rethrow(Throwable cause) throws SQLException, IOException {
        switch (cause) {
            case SQLException sql -> throw sql;
            case IOException io -> throw io;
            case RuntimeException other -> throw other;
            default -> throw new CompletionException(cause);
        }
    }

    double fraction() {
        return fraction;
    }

    String phase() {
        return phase;
    }

    /** Hands over what it wants to be told. */
    void warnings(Consumer<Warning> teller) {
        for (Warning next = warnings.poll(); next != null; next = warnings.poll()) {
            teller.accept(next);
        }
    }

    @Override
    public void pass() {
        while (!ended && !isOpen()) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EndedException();
            }
        }
        if (ended) {
            throw new EndedException();
        }
    }

    @Override
    public Registration onEnd(Runnable stop) {
        stops.add(stop);
        return () -> stops.remove(stop);
    }

    @Override
    public Registration watch(Runnable check) {
        checks.add(check);
        return () -> checks.remove(check);
    }

    @Override
    public void at(double done, String what) {
        fraction = done;
        phase = what;
    }

    @Override
    public void warn(String code, String message) {
        warnings.add(new Warning(code, message));
    }
}
