package dev.caretaker.cli.units;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations as people write them: {@code 100ms}, {@code 90s}, {@code 15 min}, {@code 7d}, {@code 1h30m}, {@code 90 days},
 * {@code 1 hour and 30 minutes}, or as ISO 8601 does: {@code PT1H30M}, {@code P2W}.
 */
public final class Durations {
    /** What is understood, for error messages. */
    public static final String EXAMPLES = "90s, 15m, 1h30m, 7d, 2w, '90 days' or PT1H30M";

    private static final Pattern PART =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([A-Za-z]{1,12})\\s*(?:(?:,|and\\b)\\s*(?=\\d))?");
    private static final Pattern ISO_WEEKS = Pattern.compile("P(\\d{1,9})W");
    private static final long DAY = 86_400;
    /** Longest duration of protobuf: about 10,000 years. */
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(315_576_000_000L);

    private Durations() {}

    /** Reads a duration exactly; a day is 24 hours. Throws IllegalArgumentException with a sentence. */
    public static java.time.Duration parse(String text) {
        BigDecimal seconds = text.strip().startsWith("P") ? iso(text) : parts(text);
        if (seconds.compareTo(LONGEST_SECONDS) > 0) {
            throw new IllegalArgumentException("'" + text + "' is longer than 10,000 years");
        }
        BigDecimal[] parts = seconds.divideAndRemainder(BigDecimal.ONE);
        long nanos = parts[1].movePointRight(9).longValue();
        return java.time.Duration.ofSeconds(parts[0].longValueExact(), nanos);
    }

    private static BigDecimal parts(String text) {
        Matcher matcher = PART.matcher(text.strip());
        BigDecimal seconds = BigDecimal.ZERO;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            seconds = seconds.add(new BigDecimal(matcher.group(1)).multiply(unit(text, matcher.group(2))));
            end = matcher.end();
        }
        if (end == 0 || end != text.strip().length()) {
            throw none(text);
        }
        return seconds;
    }

    private static BigDecimal iso(String text) {
        Matcher weeks = ISO_WEEKS.matcher(text.strip());
        if (weeks.matches()) {
            return new BigDecimal(weeks.group(1)).multiply(BigDecimal.valueOf(7 * DAY));
        }
        try {
            java.time.Duration duration = java.time.Duration.parse(text.strip());
            if (duration.isNegative()) {
                throw none(text);
            }
            return BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        } catch (DateTimeParseException e) {
            throw none(text);
        }
    }

    private static BigDecimal unit(String text, String name) {
        return switch (name.equals("M") ? name : name.toLowerCase(Locale.ROOT)) {
            case "us", "microsecond", "microseconds" -> new BigDecimal("0.000001");
            case "ms", "millisecond", "milliseconds" -> new BigDecimal("0.001");
            case "s", "sec", "secs", "second", "seconds" -> BigDecimal.ONE;
            case "m", "min", "mins", "minute", "minutes" -> BigDecimal.valueOf(60);
            case "h", "hr", "hrs", "hour", "hours" -> BigDecimal.valueOf(3600);
            case "d", "day", "days" -> BigDecimal.valueOf(DAY);
            case "w", "week", "weeks" -> BigDecimal.valueOf(7 * DAY);
            case "M" ->
                throw new IllegalArgumentException("'" + text + "' may be minutes or months; write m or minutes");
            case "month", "months", "mon", "y", "year", "years" ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not a duration: months and years differ in length; count in days or weeks");
            default -> throw none(text);
        };
    }

    private static IllegalArgumentException none(String text) {
        return new IllegalArgumentException("'" + text + "' is not a duration such as " + EXAMPLES);
    }

    /** The shortest text that {@link #parse} reads back exactly; negative ones, which it does not read, as seconds. */
    public static String exact(Duration duration) {
        long seconds = duration.getSeconds();
        if (duration.getNanos() != 0 || seconds < 0) {
            return BigDecimal.valueOf(seconds)
                            .add(BigDecimal.valueOf(duration.getNanos(), 9))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        }
        if (seconds != 0 && seconds % DAY == 0) {
            return seconds / DAY + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    public static Duration toProto(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    public static java.time.Duration fromProto(Duration duration) {
        return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    /** Time from one instant to another. */
    public static java.time.Duration between(Timestamp from, Timestamp to) {
        return java.time.Duration.ofSeconds(
                to.getSeconds() - from.getSeconds(), (long) to.getNanos() - from.getNanos());
    }

    /** For options. */
    public static final class Converter implements ITypeConverter<java.time.Duration> {
        @Override
        public java.time.Duration convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
