package dev.caretaker.server.partition.upkeep.grid;

import java.math.BigInteger;

/** A range of keys, from inclusive to exclusive. */
public record KeyRange(KeyPoint from, KeyPoint to) {

    public boolean contains(BigInteger position) {
        KeyPoint point = KeyPoint.at(position);
        return from.compareTo(point) <= 0 && point.compareTo(to) < 0;
    }

    public boolean overlaps(KeyRange other) {
        return from.compareTo(other.to) < 0 && other.from.compareTo(to) < 0;
    }

    public boolean isEmpty() {
        return from.compareTo(to) >= 0;
    }
}
