package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Postgres servers that do not answer, not even that they refuse. To find that takes many seconds; with hundreds of schedules due there
 * most looks of this server would only wait. So one asks again, and the others are told meanwhile what was found before.
 */
final class SilentServers {
    /** A refusal comes at once: who waited longer got no answer. */
    static final Duration LONG = Duration.ofSeconds(2);
    /** How long nobody asks again: less than schedules are late for unnoticed, more than finding it takes. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Silence> silent = new ConcurrentHashMap<>();

    SilentServers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Silence(long until, String message) {}

    /**
     * Asks something of a target, unless its server was silent just now.
     *
     * @param server hosts and ports of it
     * @throws CaretakerException TARGET_UNREACHABLE at once, as it was found before
     */
    void ask(String server, Runnable question) {
        long began = nanoTime.getAsLong();
        requireAnswers(server, began);
        try {
            question.run();
            silent.remove(server);
        } catch (CaretakerException e) {
            long now = nanoTime.getAsLong();
            if (e.reason() != Reason.TARGET_UNREACHABLE) {
                silent.remove(server);
            } else if (now - began > LONG.toNanos()) {
                silent.put(server, new Silence(now + SILENCE.toNanos(), e.getMessage()));
            }
            throw e;
        }
    }

    /** Who comes first after the time is up asks, and the others go on with what is known until that is answered. */
    private void requireAnswers(String server, long now) {
        Silence known = silent.get(server);
        if (known == null) {
            return;
        }
        Silence longer = new Silence(now + SILENCE.toNanos(), known.message());
        if (now < known.until() || !silent.replace(server, known, longer)) {
            throw CaretakerException.of(Reason.TARGET_UNREACHABLE, known.message());
        }
    }
}
