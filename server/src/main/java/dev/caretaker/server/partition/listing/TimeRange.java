package dev.caretaker.server.partition.listing;

import java.time.Instant;

/**
 * A range of a time key.
 *
 * @param from inclusive; {@link Instant#MIN} if unbounded
 * @param to exclusive; {@link Instant#MAX} if unbounded
 */
public record TimeRange(Instant from, Instant to) implements Span<Instant> {
    private static final Instant FOR_EVER = Instant.parse("9999-01-01T00:00:00Z");

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

    /** Whether its width can be a rhythm; a range that ends in the year 9999 or later is meant for all the time to come. */
    boolean hasWidth() {
        return isBounded() && to.isBefore(FOR_EVER);
    }
}
