package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.TimeColumn;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;

/**
 * A cutoff in a column's own terms: the first value that is kept, as text that Postgres reads in the column's type. A value
 * below it is older than the cutoff however it is read; in doubt a row stays.
 */
public final class TimeBound {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private TimeBound() {}

    /**
     * @param baseType type of the column without domains, as format_type writes it: an integer column cannot be compared with a
     *     second after 2038
     */
    public static String of(TimeColumn column, String baseType, Instant cutoff) {
        return switch (column.kind()) {
            case TIMESTAMPTZ -> instant(cutoff);
            case TIMESTAMP -> LOCAL.format(local(cutoff, column.zone().orElseThrow()));
            case DATE ->
                local(cutoff, column.zone().orElseThrow()).toLocalDate().toString();
            case EPOCH_SECONDS -> epoch(cutoff, 1_000_000_000L, baseType);
            case EPOCH_MILLIS -> epoch(cutoff, 1_000_000L, baseType);
            case EPOCH_MICROS -> epoch(cutoff, 1_000L, baseType);
            case UUID_V7 -> uuid(cutoff);
        };
    }

    /** An instant as a timestamptz, cut to the microseconds that Postgres keeps. */
    public static String instant(Instant instant) {
        return LOCAL.format(instant.atOffset(ZoneOffset.UTC)) + "+00";
    }

    /**
     * First local time that is not surely older. In an hour that occurs twice a value may mean its second pass, so as long
     * as the first is not over none of the hour is older. In an hour that does not occur Postgres reads a value with the
     * offset before the gap, which makes it as late as the values of the hour after; so those wait for it.
     */
    static LocalDateTime local(Instant cutoff, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(cutoff, zone);
        ZoneOffsetTransition next = zone.getRules().nextTransition(cutoff.minusNanos(1));
        if (next != null && next.isOverlap() && local.isAfter(next.getDateTimeAfter())) {
            return next.getDateTimeAfter();
        }
        ZoneOffsetTransition last = zone.getRules().previousTransition(cutoff.plusNanos(1));
        if (last != null && last.isGap()) {
            Duration since = Duration.between(last.getInstant(), cutoff);
            if (since.compareTo(last.getDuration()) < 0) {
                return LocalDateTime.ofInstant(cutoff, last.getOffsetBefore()).truncatedTo(ChronoUnit.MICROS);
            }
        }
        return local.truncatedTo(ChronoUnit.MICROS);
    }

    /** Smallest count of units that is not before the cutoff. */
    private static String epoch(Instant cutoff, long unitNanos, String baseType) {
        long perSecond = 1_000_000_000L / unitNanos;
        long whole = Math.multiplyExact(cutoff.getEpochSecond(), perSecond);
        long value = whole + Math.ceilDiv((long) cutoff.getNano(), unitNanos);
        return Long.toString(
                baseType.equals("integer") ? Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE) : value);
    }

    /** Smallest uuid of the cutoff's millisecond (RFC 9562, section 5.7: 48 bits of Unix time in milliseconds). */
    private static String uuid(Instant cutoff) {
        String millis = String.format(Locale.ROOT, "%012x", Math.max(0, cutoff.toEpochMilli()));
        return millis.substring(0, 8) + "-" + millis.substring(8) + "-0000-0000-000000000000";
    }
}
