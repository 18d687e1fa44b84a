package dev.caretaker.server.schedule.time;

import dev.caretaker.server.store.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/**
 * Spreads what would be due all at once: a delay that is always the same for the same name and nominal time, whichever
 * server counts.
 *
 * @param most longest delay; zero: none
 */
public record Jitter(String name, Duration most) {

    /**
     * Delay after a nominal time, in milliseconds: at least zero, less than {@code most} and than the time to the next one, so
     * that none overtakes another.
     */
    public Duration of(Instant nominal, Instant next) {
        long range = Math.min(most.toMillis(), Duration.between(nominal, next).toMillis());
        if (range <= 0) {
            return Duration.ZERO;
        }
        long hash = ByteBuffer.wrap(Sha256.of(name + "@" + nominal)).getLong();
        return Duration.ofMillis(Math.floorMod(hash, range));
    }
}
