package dev.caretaker.cli.units;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.error.CommandFailure;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Instants as people write them, with their zone, and as the API has them. */
public final class Instants {
    private Instants() {}

    /** @param option for complaints */
    public static Instant parse(String option, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw CommandFailure.usage(
                    option + ": '" + text + "' is not an instant with a zone, such as 2026-11-01T06:00:00Z");
        }
    }

    public static Timestamp toProto(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
