package dev.caretaker.server.detect;

import java.time.Instant;

/**
 * A finding and what is remembered of it.
 *
 * @param found what the check found, the last time it did
 * @param firstSeen when it was first found
 * @param lastSeen when it was last found
 * @param muted whether a mute hides it now
 */
public record Finding(RawFinding found, Instant firstSeen, Instant lastSeen, Status status, boolean muted) {

    /** What became of a finding since the detection before. */
    public enum Status {
        /** Not found the time before. */
        NEW,
        /** Found the time before too. */
        STILL_THERE,
        /** Found the time before, no longer there. */
        GONE
    }
}
