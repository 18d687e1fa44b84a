package dev.caretaker.server.run;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a run belongs to, and the span in it that caused the run; see <a href="https://www.w3.org/TR/trace-context/">Trace
 * Context</a>.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits; all zero if the run begins the trace
 * @param sampled whether the trace is recorded
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final String FIRST_VERSION = "00";
    private static final String NO_VERSION = "ff";
    private static final int SAMPLED = 1;
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** As in the header {@code traceparent}; empty if it is none that there can be. */
    public static Optional<TraceParent> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || parts.group(1).equals(NO_VERSION)) {
            return Optional.empty();
        }
        boolean more = parts.group(1).equals(FIRST_VERSION) && parts.group(5) != null;
        boolean nothing = parts.group(2).equals(NO_TRACE) || parts.group(3).equals(NO_SPAN);
        return more || nothing ? Optional.empty() : Optional.of(read(parts));
    }

    /** As {@link #toString} wrote it. */
    public static TraceParent stored(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no trace parent: " + text);
        }
        return read(parts);
    }

    private static TraceParent read(Matcher parts) {
        boolean sampled = (HexFormat.fromHexDigits(parts.group(4)) & SAMPLED) != 0;
        return new TraceParent(parts.group(2), parts.group(3), sampled);
    }

    /** A new trace, which is recorded. */
    public static TraceParent begin() {
        byte[] id = new byte[ID_BYTES];
        RANDOM.nextBytes(id);
        return new TraceParent(HexFormat.of().formatHex(id), NO_SPAN, true);
    }

    /** The same trace, caused by another span of it. */
    public TraceParent at(String otherSpanId) {
        return new TraceParent(traceId, otherSpanId, sampled);
    }

    /** Whether there is no span that caused the run. */
    public boolean isRoot() {
        return spanId.equals(NO_SPAN);
    }

    @Override
    public String toString() {
        return FIRST_VERSION + "-" + traceId + "-" + spanId + "-" + (sampled ? "01" : "00");
    }
}
