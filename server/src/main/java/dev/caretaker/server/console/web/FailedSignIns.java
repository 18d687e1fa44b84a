package dev.caretaker.server.console.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens that nobody has, tried at the form: the log tells of them, one line a minute at most, and each try takes its time. */
final class FailedSignIns {
    private static final Logger LOG = LoggerFactory.getLogger(FailedSignIns.class);
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
    /** So many tries wait at a time: whoever tries many at once waits for those before. */
    private static final int AT_A_TIME = 4;

    private final Clock clock;
    private final Duration delay;
    private final Semaphore places = new Semaphore(AT_A_TIME, true);
    private Instant told = Instant.EPOCH;
    private long untold;

    /** @param delay how long one takes at least */
    FailedSignIns(Clock clock, Duration delay) {
        this.clock = clock;
        this.delay = delay;
    }

    /**
     * One more. Returns after its delay.
     *
     * @param peer address from which it came, that of a proxy if one stands between
     */
    void add(String peer) {
        tell(peer);
        try {
            places.acquire();
            try {
                Thread.sleep(delay);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tell(String peer) {
        untold++;
        Instant now = clock.instant();
        if (told.plus(BETWEEN_LINES).isAfter(now)) {
            return;
        }
        LOG.warn("sign-ins to the console with a token that nobody has: {}, the last from {}", untold, peer);
        told = now;
        untold = 0;
    }
}
