package dev.caretaker.server.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log once that the control store does not answer, whoever notices, and once that it does again. */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStore.class);

    private volatile boolean away;
    private long since;

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
        }
        LOG.info(
                "The control store answers again, after {} s.",
                Math.max(1, Duration.ofNanos(lasted).toSeconds()));
    }
}
