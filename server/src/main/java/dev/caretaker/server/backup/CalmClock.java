package dev.caretaker.server.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock for what is deleted by its age. One that leaps ahead, by an hour or more beyond the time that has passed since it was asked last,
 * may be wrong: until it has stood by that for a day, the time goes on here as if it had not. With each further leap, back or ahead, the day
 * begins anew. What leaps back to the time that went on here is believed at once.
 */
final class CalmClock {
    static final Duration LEAP = Duration.ofHours(1);
    static final Duration STANDS = Duration.ofDays(1);
    private static final Logger LOG = LoggerFactory.getLogger(CalmClock.class);

    private final Supplier<Instant> wall;
    private final LongSupplier nanos;
    private Optional<Mark> last = Optional.empty();
    /** Empty as long as it did not leap. */
    private Optional<Leap> leapt = Optional.empty();

    private record Mark(Instant at, long nanos) {}

    /**
     * When it leapt, and by how much.
     *
     * @param nanos of the machine's clock
     * @param ahead of the time that went on
     */
    private record Leap(long nanos, Duration ahead) {
        /** Whether it still says what it said then, so that no time between is forgotten. */
        boolean stands(Duration now) {
            return now.minus(ahead).abs().compareTo(LEAP) < 0;
        }
    }

    /**
     * Watches a clock.
     *
     * @param nanos as System.nanoTime, which nobody sets
     */
    CalmClock(Supplier<Instant> wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
    }

    synchronized Instant now() {
        Instant now = wall.get();
        long ticks = nanos.getAsLong();
        Instant expected =
                last.map(mark -> mark.at().plusNanos(ticks - mark.nanos())).orElse(now);
        if (!now.isAfter(expected.plus(LEAP))) {
            leapt = Optional.empty();
        } else {
            Duration ahead = Duration.between(expected, now);
            if (leapt.filter(leap -> leap.stands(ahead)).isEmpty()) {
                LOG.warn(
                        "the clock has leapt ahead from {} to {}: for a day nothing is deleted that is not old without that",
                        expected,
                        now);
                leapt = Optional.of(new Leap(ticks, ahead));
            } else if (ticks - leapt.get().nanos() > STANDS.toNanos()) {
                leapt = Optional.empty();
            }
        }
        Instant believed = leapt.isPresent() ? expected : now;
        last = Optional.of(new Mark(believed, ticks));
        return believed;
    }
}
