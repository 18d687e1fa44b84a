package dev.caretaker.server.run;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Span ids that follow from what the span is of: whichever server ends a run tells its span, and what others did for the run is
 * beneath that.
 */
public final class SpanIds {
    private SpanIds() {}

    /** Of a run: the last 16 digits of its id. */
    public static String of(UUID runId) {
        return HexFormat.of().toHexDigits(runId.getLeastSignificantBits());
    }

    /** Of a step of it. */
    public static String of(UUID runId, int ordinal) {
        String name = "step " + ordinal + " of run " + runId;
        return of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
