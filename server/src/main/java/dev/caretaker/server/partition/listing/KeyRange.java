package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.PartitionRow.Key;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ranges of single-column keys as instants or integers, read from the text of their bounds. */
final class KeyRange {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint", "numeric");
    private static final Set<String> TIMES = Set.of("timestamp with time zone", "timestamp without time zone", "date");
    /** As the server writes with DateStyle ISO in UTC; fractions only where they are not zero. Dates go to 5874897-12-31. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4,7})-(\\d\\d)-(\\d\\d)(?: (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)(?:\\+00)?)?( BC)?");

    private KeyRange() {}

    /** Whether the key is a single time, so that its ranges are those of time. */
    static boolean isTime(Key key) {
        return key.method() == PartitionRow.Method.RANGE
                && key.type().filter(TIMES::contains).isPresent();
    }

    /**
     * The range as instants, keys without a zone taken as UTC, unbounded and infinite ends as {@link Instant#MIN} and {@link
     * Instant#MAX}; empty if the key is no time or the bound no range.
     */
    static Optional<TimeRange> times(PartitionRow partition, Key key) {
        if (!isTime(key)) {
            return Optional.empty();
        }
        return range(partition)
                .flatMap(range -> instant(range.from().getFirst())
                        .flatMap(from -> instant(range.to().getFirst()).map(to -> new TimeRange(from, to))));
    }

    /** Whether the range of every partition but the default one could be read as instants. */
    static boolean areKnown(List<PartitionRow> partitions, Key key) {
        return partitions.stream()
                .filter(partition -> range(partition).isPresent())
                .allMatch(partition -> times(partition, key).isPresent());
    }

    /** The range as integers; empty if the key is none, or a bound is missing. */
    static Optional<IntegerRange> integers(PartitionRow partition, Key key) {
        if (key.type().filter(INTEGERS::contains).isEmpty()) {
            return Optional.empty();
        }
        return range(partition)
                .flatMap(range -> integer(range.from().getFirst())
                        .flatMap(from -> integer(range.to().getFirst()).map(to -> new IntegerRange(from, to))));
    }

    /** One end of a range of a single column; empty if it is none, as that of a default partition. */
    static Optional<Limit> end(PartitionRow partition, Function<PartitionBound.Range, List<Limit>> end) {
        return range(partition).map(end).map(List::getFirst);
    }

    private static Optional<PartitionBound.Range> range(PartitionRow partition) {
        return partition
                .bound()
                .filter(PartitionBound.Range.class::isInstance)
                .map(PartitionBound.Range.class::cast)
                .filter(range -> range.from().size() == 1);
    }

    private static Optional<Instant> instant(Limit limit) {
        return switch (limit) {
            case PartitionBound.Min() -> Optional.of(Instant.MIN);
            case PartitionBound.Max() -> Optional.of(Instant.MAX);
            case PartitionBound.Value(String text) -> instant(text);
        };
    }

    private static Optional<Instant> instant(String text) {
        return switch (text) {
            case "-infinity" -> Optional.of(Instant.MIN);
            case "infinity" -> Optional.of(Instant.MAX);
            default -> Optional.of(TIME.matcher(text)).filter(Matcher::matches).map(KeyRange::instant);
        };
    }

    private static Instant instant(Matcher time) {
        int year = Integer.parseInt(time.group(1));
        LocalDate date = LocalDate.of(
                // The year before 1 is 1 BC to Postgres and 0 to ISO 8601.
                time.group(5) == null ? year : 1 - year,
                Integer.parseInt(time.group(2)),
                Integer.parseInt(time.group(3)));
        LocalTime ofDay = time.group(4) == null ? LocalTime.MIDNIGHT : LocalTime.parse(time.group(4));
        return date.atTime(ofDay).toInstant(ZoneOffset.UTC);
    }

    private static Optional<BigInteger> integer(Limit limit) {
        return limit instanceof PartitionBound.Value(String text) && text.matches("-?\\d+")
                ? Optional.of(new BigInteger(text))
                : Optional.empty();
    }
}
