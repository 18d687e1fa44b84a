package dev.caretaker.server.partition.listing;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rhythm in which a table is cut, as recognised from its bounds: calendar months and years, days, weeks, hours, or a
 * width in integers. An interval is recognised if more than half of the bounded ranges have it.
 */
public sealed interface PartitionInterval {
    Duration WIDEST_OFFSET = Duration.ofHours(14);
    /** A day on which clocks change is an hour longer or shorter. */
    Duration DAYLIGHT_SAVING = Duration.ofHours(1);

    /** {@code 1 month}, {@code 7 days}: for people. */
    String describe();

    /** Calendar months; quarters and years are told by their names. */
    record Months(long count) implements PartitionInterval {
        @Override
        public String describe() {
            if (count % 12 == 0) {
                return plural(count / 12, "year");
            }
            return count % 3 == 0 ? plural(count / 3, "quarter") : plural(count, "month");
        }
    }

    /** A fixed span. */
    record Fixed(Duration duration) implements PartitionInterval {
        @Override
        public String describe() {
            long seconds = duration.toSeconds();
            if (seconds % Duration.ofDays(7).toSeconds() == 0) {
                return plural(duration.toDays() / 7, "week");
            }
            if (seconds % Duration.ofDays(1).toSeconds() == 0) {
                return plural(duration.toDays(), "day");
            }
            return seconds % 3600 == 0 ? plural(seconds / 3600, "hour") : plural(seconds, "second");
        }
    }

    /** A width in the integers of the key. */
    record Width(BigInteger width) implements PartitionInterval {
        @Override
        public String describe() {
            return width.toString();
        }
    }

    /** The interval of most bounded ranges between instants. */
    static Optional<PartitionInterval> ofTimes(List<TimeRange> ranges) {
        return mostCommon(ranges, PartitionInterval::interval);
    }

    /** The width of most integer ranges. */
    static Optional<PartitionInterval> ofIntegers(List<IntegerRange> ranges) {
        return mostCommon(ranges, range -> new Width(range.to().subtract(range.from())));
    }

    private static PartitionInterval interval(TimeRange range) {
        Optional<YearMonth> from = monthStart(range.from());
        Optional<YearMonth> to = monthStart(range.to());
        if (from.isPresent() && to.isPresent() && from.get().isBefore(to.get())) {
            return new Months(ChronoUnit.MONTHS.between(from.get(), to.get()));
        }
        Duration length = Duration.between(range.from(), range.to());
        long days = length.plus(DAYLIGHT_SAVING).toDays();
        boolean wholeDays =
                days > 0 && length.minus(Duration.ofDays(days)).abs().compareTo(DAYLIGHT_SAVING) <= 0;
        return new Fixed(wholeDays ? Duration.ofDays(days) : length);
    }

    /** The month that starts at this instant in some time zone: those on earth are at most 14 hours away from UTC. */
    private static Optional<YearMonth> monthStart(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        YearMonth nearest = YearMonth.from(utc.plusDays(15));
        Instant start = nearest.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        return Duration.between(start, instant).abs().compareTo(WIDEST_OFFSET) <= 0
                ? Optional.of(nearest)
                : Optional.empty();
    }

    private static <R> Optional<PartitionInterval> mostCommon(List<R> ranges, Function<R, PartitionInterval> interval) {
        Map<PartitionInterval, Long> counts =
                ranges.stream().collect(Collectors.groupingBy(interval, Collectors.counting()));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() * 2 > ranges.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static String plural(long count, String unit) {
        return count == 1 ? "1 " + unit : count + " " + unit + "s";
    }
}
