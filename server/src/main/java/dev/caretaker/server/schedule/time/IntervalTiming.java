package dev.caretaker.server.schedule.time;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Every so often: at the multiples of a span counted from 1970-01-01T00:00:00Z, so that nominal times do not depend on when
 * somebody asked for them, or on the server that counts.
 *
 * @param every whole seconds, at least one
 */
public record IntervalTiming(Duration every) implements Timing {

    public IntervalTiming {
        if (every.toSeconds() < 1 || every.getNano() != 0) {
            throw new IllegalArgumentException("whole seconds, at least one: " + every);
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        long seconds = every.toSeconds();
        return Optional.of(
                Instant.ofEpochSecond(Math.multiplyExact(Math.floorDiv(after.getEpochSecond(), seconds) + 1, seconds)));
    }

    @Override
    public Optional<ZoneOffset> offset(Instant at) {
        return Optional.empty();
    }

    @Override
    public Instant settledAnew(Instant settled, ZoneOffset then) {
        return settled;
    }

    @Override
    public boolean isShifted(Instant nominal) {
        return false;
    }
}
