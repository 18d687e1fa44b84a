package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.PartitionSet;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.OptionalDouble;

/**
 * Where the bounds of partitions lie: seconds since 1970-01-01T00:00:00Z for keys that denote times, else the keys themselves.
 *
 * @param zone of keys that are times without one
 */
public record KeyLine(KeyEncoding encoding, ZoneId zone) {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:mm", "+00")
            .toFormatter();
    private static final int UUID_TIME_DIGITS = 12;
    private static final int HEX = 16;

    public static KeyLine of(PartitionSet set) {
        String zone = set.getGrid().getCalendar().getZone();
        return new KeyLine(set.getEncoding(), ZoneId.of(zone.isEmpty() ? "UTC" : zone));
    }

    /** Whether there is a now on it. */
    public boolean isTime() {
        return encoding != KeyEncoding.KEY_ENCODING_INTEGER;
    }

    /** Where a bound lies; empty for one without end, or that is none of these keys. */
    public OptionalDouble at(String bound) {
        try {
            return switch (encoding) {
                case KEY_ENCODING_INTEGER, KEY_ENCODING_EPOCH_SECONDS -> number(bound, 1);
                case KEY_ENCODING_EPOCH_MILLIS -> number(bound, 1e3);
                case KEY_ENCODING_EPOCH_MICROS -> number(bound, 1e6);
                case KEY_ENCODING_UUID_V7 ->
                    OptionalDouble.of(Long.parseLong(bound.replace("-", "").substring(0, UUID_TIME_DIGITS), HEX) / 1e3);
                case KEY_ENCODING_TIMESTAMPTZ,
                        KEY_ENCODING_TIMESTAMP,
                        KEY_ENCODING_DATE,
                        KEY_ENCODING_UNSPECIFIED,
                        UNRECOGNIZED -> OptionalDouble.of(time(bound));
            };
        } catch (NumberFormatException | DateTimeException | IndexOutOfBoundsException e) {
            return OptionalDouble.empty();
        }
    }

    /** The moment, where they are times. */
    public static Timestamp moment(double at) {
        return Timestamp.newBuilder().setSeconds((long) at).build();
    }

    private static OptionalDouble number(String bound, double unit) {
        return OptionalDouble.of(Double.parseDouble(bound) / unit);
    }

    private double time(String bound) {
        TemporalAccessor read = TIME.parseBest(bound, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        return switch (read) {
            case OffsetDateTime at -> at.toEpochSecond();
            case LocalDateTime at -> at.atZone(zone).toEpochSecond();
            default -> LocalDate.from(read).atStartOfDay(zone).toEpochSecond();
        };
    }
}
