package dev.caretaker.server.partition.listing;

import java.time.Instant;

/**
 * A range of a time key.
 *
 * @param from inclusive; {@link Instant#MIN} if unbounded
 * @param to exclusive; {@link Instant#MAX} if unbounded
 */
public record TimeRange(Instant from, Instant to) implements Span<Instant> {

    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    public boolean isBounded() {
        return !from.equals(Instant.MIN) && !to.equals(Instant.MAX);
    }
}
