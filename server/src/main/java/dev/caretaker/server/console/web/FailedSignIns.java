package dev.caretaker.server.console.web;

import dev.caretaker.server.report.page.Show;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens that nobody has, tried at the form: the log tells of them, one line a minute at most, and each try takes its time, unless so
 * many wait already that those who wait would hold the connections of all others.
 */
@Singleton
final class FailedSignIns {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSignIns.class);
    private static final Duration SLOWLY = Duration.ofSeconds(1);
    private static final long BETWEEN_LINES = TimeUnit.MINUTES.toNanos(1);
    /** So many tries take their time at once: whoever tries many waits for those before. */
    private static final int AT_A_TIME = 4;
    /** With those that take their time. */
    private static final int MOST_WAITING = 20;
    /** Of one who has very many, that is enough to know. */
    private static final int MOST_ADDRESSES = 1_000;

    private final LongSupplier nanos;
    private final Duration delay;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Semaphore places = new Semaphore(AT_A_TIME, true);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Set<String> addresses = new HashSet<>();
    /** As System.nanoTime; empty until there was a line. */
    private OptionalLong told = OptionalLong.empty();

    private long untold;
    private String last = "";

    @Inject
    FailedSignIns() {
        this(System::nanoTime, SLOWLY);
    }

    /**
     * Counts them.
     *
     * @param nanos as System.nanoTime, which nobody sets
     * @param delay how long one takes at least
     */
    FailedSignIns(LongSupplier nanos, Duration delay) {
        this.nanos = nanos;
        this.delay = delay;
    }

    /**
     * One more. Returns after its delay, or at once if too many wait for theirs.
     *
     * @param peer address from which it came, that of a proxy if one stands between
     * @return whether it was delayed
     */
    boolean add(String peer) {
        count(peer);
        if (!waiting.tryAcquire()) {
            return false;
        }
        try {
            pass();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.release();
        }
        return true;
    }

    private void pass() throws InterruptedException {
        places.acquire();
        try {
            stopped.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            places.release();
        }
    }

    /** Nobody waits any more: the port closes when all are answered. */
    @EventListener
    void stop(ShutdownEvent stopping) {
        release();
        tellRest();
    }

    void release() {
        stopped.countDown();
    }

    /** What came since the last line is told also if nobody tries again. */
    @Scheduled(fixedDelay = "15s", initialDelay = "15s")
    synchronized void tick() {
        if (told.isEmpty() || nanos.getAsLong() - told.getAsLong() >= BETWEEN_LINES) {
            tellRest();
        }
    }

    private synchronized void count(String peer) {
        untold++;
        last = peer;
        if (addresses.size() < MOST_ADDRESSES) {
            addresses.add(peer);
        }
        tick();
    }

    private synchronized void tellRest() {
        if (untold == 0) {
            return;
        }
        LOG.warn(
                "sign-ins to the console with a token that nobody has: {} from {}{}, the last from {}",
                Show.count(untold),
                Show.count(addresses.size(), "address", "addresses"),
                addresses.size() < MOST_ADDRESSES ? "" : " or more",
                last);
        told = OptionalLong.of(nanos.getAsLong());
        untold = 0;
        addresses.clear();
    }
}
