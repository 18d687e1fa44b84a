package dev.caretaker.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 1h30m}, {@code 90 days}, {@code 2w}, or ISO 8601. */
public final class DurationText {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*([A-Za-z]{1,12})\\s*(?:(?:,|and\\b)\\s*(?=\\d))?");

    private DurationText() {}

    /** Empty if it is none. */
    public static Optional<Duration> parse(String text) {
        String stripped = text.strip();
        try {
            return stripped.startsWith("P") ? Optional.of(Duration.parse(stripped)) : sum(stripped);
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> sum(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            Optional<Duration> unit = unit(part.group(2));
            if (unit.isEmpty()) {
                return unit;
            }
            BigDecimal nanos = new BigDecimal(part.group(1))
                    .multiply(BigDecimal.valueOf(unit.get().toNanos()));
            BigDecimal[] whole = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
            sum = sum.plusSeconds(whole[0].longValueExact()).plusNanos(whole[1].longValue());
            end = part.end();
        }
        return end == 0 || end != text.length() ? Optional.empty() : Optional.of(sum);
    }

    /** An M alone may be minutes or months. */
    private static Optional<Duration> unit(String name) {
        return Optional.ofNullable(
                switch (name.equals("M") ? name : name.toLowerCase(Locale.ROOT)) {
                    case "ms", "millisecond", "milliseconds" -> Duration.ofMillis(1);
                    case "s", "sec", "secs", "second", "seconds" -> Duration.ofSeconds(1);
                    case "m", "min", "mins", "minute", "minutes" -> Duration.ofMinutes(1);
                    case "h", "hr", "hrs", "hour", "hours" -> Duration.ofHours(1);
                    case "d", "day", "days" -> Duration.ofDays(1);
                    case "w", "week", "weeks" -> Duration.ofDays(7);
                    default -> null;
                });
    }
}
