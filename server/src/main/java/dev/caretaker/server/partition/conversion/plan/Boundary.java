package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.conversion.table.HighestKey;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Where old rows end and new partitions begin. Between the constraint and the cut-over rows from there on are refused, so it
 * lies ahead of whatever is written meanwhile.
 *
 * @param line its position, a line of the grid
 * @param text the same as the text of a bound
 * @param time when it is reached; empty for integers
 * @param near a key from which on it is too near; empty for times
 */
record Boundary(BigInteger line, String text, Optional<Instant> time, Optional<String> near) {
    /** So long before the boundary nobody goes on: what is begun then could refuse rows. */
    static final Duration MARGIN = Duration.ofMinutes(10);
    /** Days whose keys lie between the highest one and the boundary, at the least, by the server's statistics. */
    private static final BigInteger DAYS = BigInteger.TWO;
    /** The last tenth of the way is too near. */
    private static final BigInteger TENTH = BigInteger.TEN;

    /** @throws CaretakerException INVALID_FIELD */
    static Boundary of(Wish wish, HighestKey highest) {
        return wish.set().key().isTime() ? ofTimes(wish) : ofIntegers(wish, highest);
    }

    private static Boundary ofTimes(Wish wish) {
        PartitionSet set = wish.set();
        if (wish.above().isPresent()) {
            throw CaretakerException.invalid("boundary_above", "is for keys that are integers");
        }
        BigInteger line = set.lines().next(set.position(wish.after()));
        Instant shown = CalendarGrid.instant(line);
        Instant time = set.key().isLocal()
                ? LocalDateTime.ofInstant(shown, ZoneOffset.UTC)
                        .atZone(set.zone())
                        .toInstant()
                : shown;
        boolean inTime = wish.cutOver()
                .window()
                .map(window -> window.nextOpening(wish.now()).isBefore(time.minus(MARGIN)))
                .orElse(true);
        if (!inTime) {
            throw CaretakerException.invalid(
                    "window", "opens after the boundary " + set.show(line) + ": choose a later one");
        }
        return new Boundary(line, set.key().write(line, false), Optional.of(time), Optional.empty());
    }

    private static Boundary ofIntegers(Wish wish, HighestKey highest) {
        PartitionSet set = wish.set();
        BigInteger top = highest.key().flatMap(Boundary::integer).orElse(BigInteger.ZERO);
        BigInteger room = ((IntegerGrid) set.grid()).step().max(highest.daily().multiply(DAYS));
        BigInteger line = set.lines().next(wish.above().orElse(top.add(room)));
        BigInteger near = line.subtract(line.subtract(top).divide(TENTH).max(BigInteger.ONE));
        return new Boundary(
                line,
                set.key().write(line, false),
                Optional.empty(),
                Optional.of(set.key().write(near, false)));
    }

    /** Rounded up, as the keys of numeric columns need it; empty for NaN and infinity. */
    private static Optional<BigInteger> integer(String text) {
        return text.matches("-?\\d+(\\.\\d+)?")
                ? Optional.of(
                        new BigDecimal(text).setScale(0, RoundingMode.CEILING).toBigInteger())
                : Optional.empty();
    }

    /** Rows that are there already and do not lie below it. */
    Optional<Obstacle> obstacle(Wish wish, HighestKey highest) {
        if (!wish.set().key().isTime() && !highest.indexed()) {
            return Optional.of(new Obstacle(
                    Optional.empty(),
                    "No index leads with " + wish.key()
                            + ": how near its keys come to the boundary could not be looked at.",
                    false));
        }
        return highest.key()
                .filter(key -> !below(wish.set().key(), key))
                .map(key -> new Obstacle(
                        Optional.empty(),
                        "The highest " + wish.key() + " is " + key + ", which does not lie below the boundary " + text
                                + ": correct or delete such rows first, or choose a later boundary.",
                        false));
    }

    private boolean below(KeyEncoding encoding, String key) {
        Optional<KeyPoint> point =
                encoding.isTime() ? encoding.read(key) : integer(key).map(KeyPoint::at);
        // What cannot be read is found when the constraint is validated.
        return point.map(at -> at.isBefore(KeyPoint.at(line))).orElse(encoding.isTime());
    }
}
