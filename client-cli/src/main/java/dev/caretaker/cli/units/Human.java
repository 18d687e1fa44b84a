package dev.caretaker.cli.units;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Figures for people: rounded, with units. */
public final class Human {
    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Human() {}

    /** 1234567 as 1,234,567. */
    public static String count(long value) {
        String digits = Long.toString(value);
        int sign = value < 0 ? 1 : 0;
        StringBuilder grouped = new StringBuilder(digits);
        for (int i = digits.length() - 3; i > sign; i -= 3) {
            grouped.insert(i, ',');
        }
        return grouped.toString();
    }

    /** With a tilde where it is an estimate. */
    public static String count(long value, boolean exact) {
        return exact ? count(value) : "~" + count(value);
    }

    /** "1 row", "2,000 rows". */
    public static String rows(long value) {
        return rows(value, true);
    }

    /** With a tilde where it is an estimate: "~2,000 rows". */
    public static String rows(long value, boolean exact) {
        return count(value, exact) + (value == 1 ? " row" : " rows");
    }

    /** In units of 1024, as Postgres does: 1536 as 1.5 kB. */
    public static String bytes(long value) {
        if (value < 0) {
            return value == Long.MIN_VALUE ? "-8 EB" : "-" + bytes(-value);
        }
        double amount = value;
        int unit = 0;
        while (Math.round(amount * 10) >= 10_240 && unit < BYTE_UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(value) : oneDecimal(amount)) + " " + BYTE_UNITS[unit];
    }

    /** Two units at most: 850 ms, 12.3 s, 2m 05s, 3h 20m, 4d 6h. */
    public static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        long seconds = duration.getSeconds();
        if (seconds == 0) {
            return duration.toMillis() + " ms";
        }
        if (seconds < 60) {
            return oneDecimal(duration.toMillis() / 1000.0) + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + twoDigits(seconds % 60) + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h " + twoDigits(seconds % 3600 / 60) + "m";
        }
        return count(seconds / 86_400) + "d " + seconds % 86_400 / 3600 + "h";
    }

    public static String duration(com.google.protobuf.Duration duration) {
        return duration(Durations.fromProto(duration));
    }

    /** 2025-01-31 22:05:00Z, to the second, in UTC. */
    public static String instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ');
    }

    /** Trailing zeros go; a share between 0 and 1 keeps two decimals. */
    public static String decimal(double value) {
        double rounded = Math.abs(value) < 1 ? Math.round(value * 100) / 100.0 : Math.round(value * 10) / 10.0;
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15
                ? count((long) rounded)
                : Double.toString(rounded);
    }

    private static String oneDecimal(double value) {
        long tenths = Math.round(value * 10);
        return tenths >= 1000 || tenths % 10 == 0 ? Long.toString(Math.round(value)) : tenths / 10 + "." + tenths % 10;
    }

    private static String twoDigits(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }
}
