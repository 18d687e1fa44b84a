package dev.caretaker.server.store;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log once that the control store does not answer, whoever notices, and once that it does again. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStore.class);

    private volatile boolean away;
    private long since;
    private Duration over = Duration.ZERO;

    void failed(String why) {
        synchronized (this) {
            if (away) {
                return;
            }
            away = true;
            since = System.nanoTime();
        }
        LOG.warn("{} What needs it waits.", why);
    }

    void answered() {
        if (!away) {
            return;
        }
        long lasted;
        synchronized (this) {
            if (!away) {
                return;
            }
            away = false;
            lasted = System.nanoTime() - since;
            over = over.compareTo(Duration.ofNanos(lasted)) < 0 ? Duration.ofNanos(lasted) : over;
        }
        LOG.info(
                "The control store answers again, after {} s.",
                Math.max(1, Duration.ofNanos(lasted).toSeconds()));
    }

    /** How long it has not answered by now; empty while it does. */
    synchronized Optional<Duration> lasting() {
        return away ? Optional.of(Duration.ofNanos(System.nanoTime() - since)) : Optional.empty();
    }

    /** How long the longest took that is over and was not asked about; zero if there was none. */
    synchronized Duration takeOver() {
        Duration longest = over;
        over = Duration.ZERO;
        return longest;
    }

    /** Nothing came of what was asked. */
    synchronized void giveBack(Duration taken) {
        over = over.compareTo(taken) < 0 ? taken : over;
    }
}
