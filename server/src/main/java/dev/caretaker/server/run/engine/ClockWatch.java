package dev.caretaker.server.run.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Notices when a clock goes otherwise than time passes, since somebody has set it. */
final class ClockWatch {
    private final InstantSource clock;
    private final LongSupplier nanos;
    private Instant lastTime;
    private long lastNanos;

    /** @param nanos as System.nanoTime, which nobody sets */
    ClockWatch(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.lastTime = clock.instant();
        this.lastNanos = nanos.getAsLong();
    }

    /** How much the clock has gone on since the last call beyond the time that has passed; negative if it went back. */
    synchronized Duration leapt() {
        Instant time = clock.instant();
        long ticks = nanos.getAsLong();
        Duration leapt = Duration.between(lastTime, time).minusNanos(ticks - lastNanos);
        lastTime = time;
        lastNanos = ticks;
        return leapt;
    }
}
