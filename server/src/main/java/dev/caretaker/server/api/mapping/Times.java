package dev.caretaker.server.api.mapping;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.run.Zone;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Instants, durations and zones to and from their messages. */
public final class Times {
    /** The range of Timestamp: years 1 to 9999. */
    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

    private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    /** The range of Duration: about 10,000 years. */
    private static final long LONGEST = 315_576_000_000L;

    private static final int NANOS = 1_000_000_000;

    private Times() {}

    /** Whether a Timestamp can hold it. */
    public static boolean isWritable(Instant instant) {
        return instant.getEpochSecond() >= EARLIEST && instant.getEpochSecond() <= LATEST;
    }

    public static Timestamp write(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static com.google.protobuf.Duration write(Duration duration) {
        // The message wants seconds and nanos of one sign; Java's nanos are never negative.
        long seconds = duration.getSeconds();
        int nanos = duration.getNano();
        if (seconds < 0 && nanos > 0) {
            seconds++;
            nanos -= NANOS;
        }
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(seconds)
                .setNanos(nanos)
                .build();
    }

    /** Null if it is not a valid Timestamp. */
    public static Instant read(Violations violations, String path, Timestamp timestamp) {
        boolean valid = timestamp.getSeconds() >= EARLIEST
                && timestamp.getSeconds() <= LATEST
                && timestamp.getNanos() >= 0
                && timestamp.getNanos() < NANOS;
        if (!valid) {
            violations.add(path, "is not a valid instant of the years 1 to 9999");
            return null;
        }
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    /** Null if it is not a valid Duration between the two bounds, both included. */
    public static Duration read(
            Violations violations,
            String path,
            com.google.protobuf.Duration message,
            Duration least,
            Duration most,
            String bounds) {
        boolean valid = Math.abs(message.getSeconds()) <= LONGEST
                && Math.abs(message.getNanos()) < NANOS
                && Long.signum(message.getSeconds()) * Integer.signum(message.getNanos()) >= 0;
        if (!valid) {
            violations.add(path, "is not a valid duration");
            return null;
        }
        Duration duration = Duration.ofSeconds(message.getSeconds(), message.getNanos());
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            violations.add(path, "must be " + bounds);
            return null;
        }
        return duration;
    }

    /**
     * A zone by its IANA name; UTC for an empty one. Offsets such as "UTC+3" are refused: Java and Postgres read them with
     * opposite signs.
     */
    public static ZoneId zone(Violations violations, String path, String name) {
        if (name.isEmpty() || name.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        Optional<ZoneId> zone =
                ZoneId.getAvailableZoneIds().contains(name) ? Optional.of(ZoneId.of(name)) : Optional.empty();
        if (zone.isEmpty()) {
            violations.add(path, "is not the name of an IANA time zone, such as Europe/Berlin");
        }
        return zone.orElse(ZoneOffset.UTC);
    }

    /** The same of one that is kept, whether this server knows it or not. */
    public static String write(Zone zone) {
        return zone.name().equals(ZoneOffset.UTC.getId()) ? "UTC" : zone.name();
    }

    /** The name that {@link #zone} reads. */
    public static String write(ZoneId zone) {
        return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
    }
}
