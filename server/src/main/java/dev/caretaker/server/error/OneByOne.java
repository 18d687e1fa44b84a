package dev.caretaker.server.error;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Does something for each of several, again and again: one for which it fails unexpectedly keeps no other from its turn, neither now
 * nor the next time. That is told in the log, the same not more often than every ten minutes.
 */
public final class OneByOne {
    private static final long TELL_AGAIN = TimeUnit.MINUTES.toNanos(10);

    private final Logger log;
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    /** @param log of whoever does it */
    public OneByOne(Logger log) {
        this.log = log;
    }

    /** Fails with CONTROL_STORE_UNREACHABLE only: that concerns all of them. */
    public <T> void each(Collection<T> all, Consumer<T> work) {
        for (T one : all) {
            alone(String.valueOf(one), () -> work.accept(one));
        }
    }

    /** One of several things; fails with CONTROL_STORE_UNREACHABLE only. */
    public void alone(String what, Runnable work) {
        try {
            work.run();
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            failed(what, e);
        } catch (RuntimeException e) {
            failed(what, e);
        }
    }

    private void failed(String what, RuntimeException e) {
        long now = System.nanoTime();
        told.values().removeIf(at -> now - at >= TELL_AGAIN);
        if (told.putIfAbsent(what + " " + e, now) == null) {
            log.warn("{} failed, and is tried again later", what, e);
        }
    }
}
