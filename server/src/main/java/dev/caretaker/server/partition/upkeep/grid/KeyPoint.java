package dev.caretaker.server.partition.upkeep.grid;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * One end of a range of keys.
 *
 * @param infinite -1 below all keys, 1 above all keys, 0 at {@code position}
 */
public record KeyPoint(int infinite, BigInteger position) implements Comparable<KeyPoint> {
    public static final KeyPoint LOWEST = new KeyPoint(-1, BigInteger.ZERO);
    public static final KeyPoint HIGHEST = new KeyPoint(1, BigInteger.ZERO);
    private static final Comparator<KeyPoint> ORDER =
            Comparator.comparingInt(KeyPoint::infinite).thenComparing(KeyPoint::position);

    public static KeyPoint at(BigInteger position) {
        return new KeyPoint(0, position);
    }

    public boolean isFinite() {
        return infinite == 0;
    }

    public boolean isBefore(KeyPoint other) {
        return compareTo(other) < 0;
    }

    public boolean isNotAfter(KeyPoint other) {
        return compareTo(other) <= 0;
    }

    @Override
    public int compareTo(KeyPoint other) {
        return ORDER.compare(this, other);
    }
}
