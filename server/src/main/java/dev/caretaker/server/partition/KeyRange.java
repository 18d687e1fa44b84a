package dev.caretaker.server.partition;

import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.Set;

/** Ranges of single-column keys as instants or integers, read from the text of their bounds. */
final class KeyRange {
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint", "numeric");
    /** As the server writes with DateStyle ISO; fractions and minutes of the offset only where they are not zero. */
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private static final DateTimeFormatter OFFSET = new DateTimeFormatterBuilder()
            .append(LOCAL)
            .appendOffset("+HH:mm", "+00")
            .toFormatter();

    private KeyRange() {}

    /**
     * The range as instants; empty if the key is no time, or a bound is infinite, BC, or otherwise not writable as an instant.
     *
     * @param zone zone in which timestamps and dates without one are meant
     */
    static Optional<TimeRange> times(PartitionRow partition, String keyType, ZoneId zone) {
        return range(partition)
                .flatMap(range -> instant(range.from().getFirst(), keyType, zone)
                        .flatMap(from ->
                                instant(range.to().getFirst(), keyType, zone).map(to -> new TimeRange(from, to))));
    }

    /** The range as integers; empty if the key is none, or a bound is missing. */
    static Optional<IntegerRange> integers(PartitionRow partition, String keyType) {
        if (!INTEGERS.contains(keyType)) {
            return Optional.empty();
        }
        return range(partition)
                .flatMap(range -> integer(range.from().getFirst())
                        .flatMap(from -> integer(range.to().getFirst()).map(to -> new IntegerRange(from, to))));
    }

    private static Optional<PartitionBound.Range> range(PartitionRow partition) {
        return partition
                .bound()
                .filter(PartitionBound.Range.class::isInstance)
                .map(PartitionBound.Range.class::cast)
                .filter(range -> range.from().size() == 1);
    }

    private static Optional<Instant> instant(Limit limit, String keyType, ZoneId zone) {
        return switch (limit) {
            case PartitionBound.Min() -> Optional.of(Instant.MIN);
            case PartitionBound.Max() -> Optional.of(Instant.MAX);
            case PartitionBound.Value(String text) -> instant(text, keyType, zone);
        };
    }

    private static Optional<Instant> instant(String text, String keyType, ZoneId zone) {
        try {
            return switch (keyType) {
                case "timestamp with time zone" ->
                    Optional.of(OffsetDateTime.parse(text, OFFSET).toInstant());
                case "timestamp without time zone" ->
                    Optional.of(LocalDateTime.parse(text, LOCAL).atZone(zone).toInstant());
                case "date" ->
                    Optional.of(LocalDate.parse(text).atStartOfDay(zone).toInstant());
                default -> Optional.empty();
            };
        } catch (DateTimeParseException notAnInstant) {
            // 'infinity', years BC and years beyond 9999 are valid bounds that no calendar arithmetic is done on.
            return Optional.empty();
        }
    }

    private static Optional<BigInteger> integer(Limit limit) {
        return limit instanceof PartitionBound.Value(String text) && text.matches("-?\\d+")
                ? Optional.of(new BigInteger(text))
                : Optional.empty();
    }
}
