package dev.caretaker.server.partition.listing;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the names of a table's partitions are made from the start of their range: a prefix and a date, for example
 * {@code workflow_events_} and {@code y2025m01}.
 *
 * @param prefix what all names begin with
 * @param format what follows
 */
public record NamePattern(String prefix, Format format) {
    private static final int SECONDS_OF_DAY = 86_400;
    /** Summer and winter time make two; hourly ranges make many, and start on the hour in UTC too. */
    private static final int DISTINCT_STARTS = 2;

    /** Ways people write dates into names, longest first so that a day is not taken for a year. */
    public enum Format {
        YEAR_MONTH_DAY_HOUR("{yyyy}{mm}{dd}_{hh}", "uuuuMMdd'_'HH"),
        YMD_LETTERS("y{yyyy}m{mm}d{dd}", "'y'uuuu'm'MM'd'dd"),
        YEAR_MONTH_DAY_UNDERSCORES("{yyyy}_{mm}_{dd}", "uuuu'_'MM'_'dd"),
        YEAR_MONTH_DAY_HYPHENS("{yyyy}-{mm}-{dd}", "uuuu'-'MM'-'dd"),
        YEAR_MONTH_DAY("{yyyy}{mm}{dd}", "uuuuMMdd"),
        YEAR_WEEK("y{yyyy}w{ww}", "'y'YYYY'w'ww"),
        YM_LETTERS("y{yyyy}m{mm}", "'y'uuuu'm'MM"),
        YEAR_MONTH_UNDERSCORE("{yyyy}_{mm}", "uuuu'_'MM"),
        YEAR_MONTH_HYPHEN("{yyyy}-{mm}", "uuuu'-'MM"),
        YEAR_QUARTER_UNDERSCORE("{yyyy}_q{q}", "uuuu'_q'Q"),
        YEAR_QUARTER("{yyyy}q{q}", "uuuu'q'Q"),
        YEAR_MONTH("{yyyy}{mm}", "uuuuMM"),
        YEAR("{yyyy}", "uuuu");

        private final String template;
        private final DateTimeFormatter formatter;

        Format(String template, String pattern) {
            this.template = template;
            // ISO weeks: the locale decides what a week is, and "en_GB" starts it on Monday.
            this.formatter = DateTimeFormatter.ofPattern(pattern, Locale.UK);
        }

        String format(Instant start, ZoneOffset zone) {
            return formatter.format(start.atZone(zone));
        }
    }

    /** For people, for example {@code workflow_events_y{yyyy}m{mm}}. */
    public String describe() {
        return prefix + format.template;
    }

    /**
     * The pattern of most of the names.
     *
     * @param starts name of each partition → start of its range
     */
    public static Optional<NamePattern> of(Map<String, Instant> starts) {
        List<ZoneOffset> zones = zones(starts.values());
        return Stream.of(Format.values())
                .flatMap(format -> zones.stream().map(zone -> mostCommon(starts, format, zone)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Offsets in which the ranges may start at midnight: UTC, and where the starts lie before or after it. */
    private static List<ZoneOffset> zones(Collection<Instant> starts) {
        Stream<Integer> shifts = starts.stream()
                .map(start -> start.atOffset(ZoneOffset.UTC).toLocalTime().toSecondOfDay())
                .distinct()
                .limit(DISTINCT_STARTS)
                .flatMap(seconds -> Stream.of(SECONDS_OF_DAY - seconds, -seconds))
                .filter(shift -> Math.abs(shift) <= ZoneOffset.MAX.getTotalSeconds());
        return Stream.concat(Stream.of(0), shifts)
                .distinct()
                .map(ZoneOffset::ofTotalSeconds)
                .toList();
    }

    private static Optional<NamePattern> mostCommon(Map<String, Instant> starts, Format format, ZoneOffset zone) {
        Map<String, Long> prefixes = starts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(format.format(entry.getValue(), zone)))
                .map(entry -> entry.getKey()
                        .substring(
                                0,
                                entry.getKey().length()
                                        - format.format(entry.getValue(), zone).length()))
                .filter(prefix -> prefix.isEmpty() || !Character.isDigit(prefix.charAt(prefix.length() - 1)))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return prefixes.entrySet().stream()
                .filter(entry -> entry.getValue() * 2 > starts.size())
                .map(entry -> new NamePattern(entry.getKey(), format))
                .findFirst();
    }
}
