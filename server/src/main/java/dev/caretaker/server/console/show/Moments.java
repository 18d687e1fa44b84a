package dev.caretaker.server.console.show;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.report.page.Show;
import java.time.Duration;
import java.time.Instant;

/** Moments and spans of the API. */
public final class Moments {
    private Moments() {}

    public static Instant instant(Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }

    public static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    public static Duration duration(com.google.protobuf.Duration span) {
        return Duration.ofSeconds(span.getSeconds(), span.getNanos());
    }

    public static com.google.protobuf.Duration duration(Duration span) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(span.getSeconds())
                .setNanos(span.getNano())
                .build();
    }

    /** For machines: 2026-11-30T19:04:55Z. */
    public static String iso(Timestamp at) {
        return Show.iso(instant(at));
    }

    /** Where nobody tells in which zone: 2026-11-30 19:04 UTC. */
    public static String utc(Timestamp at) {
        return Show.moment(instant(at)) + " UTC";
    }

    /** The same with seconds. */
    public static String utcSeconds(Timestamp at) {
        return Show.second(instant(at)) + " UTC";
    }

    /** From one to the other: 3.4 s, 5 min. */
    public static String between(Timestamp from, Timestamp to) {
        return Show.span(Duration.between(instant(from), instant(to)));
    }
}
