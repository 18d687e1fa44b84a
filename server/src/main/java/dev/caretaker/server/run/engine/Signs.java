package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells tasks whose servers are silent from those whose latest sign of life only looks old, because a clock has leapt: a sign that
 * does not change for some time is no sign. That time is measured here, by whoever asks, and servers need not agree on any clock.
 */
final class Signs {
    /** Of what was asked about no more, it is forgotten after so many times the patience. */
    private static final int FORGOTTEN = 10;

    private final long patience;
    private final LongSupplier nanos;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * A sign.
     *
     * @param first when it was first seen here, as System.nanoTime
     * @param latest the same of the last time
     */
    private record Seen(Instant sign, long first, long latest) {
        Seen again(Instant now, long at) {
            return sign.equals(now) ? new Seen(sign, first, at) : new Seen(now, at, at);
        }
    }

    /**
     * Watches them.
     *
     * @param patience how long a sign must stay the same: at least two signs should have come meanwhile
     * @param nanos as System.nanoTime
     */
    Signs(Duration patience, LongSupplier nanos) {
        this.patience = patience.toNanos();
        this.nanos = nanos;
    }

    /**
     * Whether a task is silent: its sign is the same as it was a while ago. To be asked again and again of one that may be.
     *
     * @param sign its latest, by whatever clock
     */
    synchronized boolean isSilent(String task, Instant sign) {
        long now = nanos.getAsLong();
        seen.values().removeIf(old -> now - old.latest() > FORGOTTEN * patience);
        Seen known = seen.containsKey(task) ? seen.get(task).again(sign, now) : new Seen(sign, now, now);
        boolean silent = now - known.first() >= patience;
        if (silent) {
            seen.remove(task);
        } else {
            seen.put(task, known);
        }
        return silent;
    }
}
