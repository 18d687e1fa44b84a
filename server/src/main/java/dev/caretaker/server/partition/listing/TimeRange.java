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

    /** Whether it begins at an instant; one of {@code infinity} alone does not. */
    boolean begins() {
        return !from.equals(Instant.MIN) && !from.equals(Instant.MAX);
    }

    public boolean isBounded() {
        return !from.equals(Instant.MIN) && !to.equals(Instant.MAX);
    }
}
