package dev.caretaker.server.cleanup.plan;

import java.util.Optional;

/**
 * A count that may have been cut short.
 *
 * @param rows what was counted; a lower bound if {@code atLeast}
 * @param failure why nothing could be counted; then {@code rows} is 0
 */
record Tally(long rows, boolean atLeast, Optional<String> failure) {
    static final Tally NONE = new Tally(0, false, Optional.empty());

    static Tally of(long rows, long limit) {
        return new Tally(Math.min(rows, limit), rows > limit, Optional.empty());
    }

    static Tally failed(String why) {
        return new Tally(0, false, Optional.of(why));
    }

    /** As evidence of a warning: "120", "more than 10000", or "unknown: …". */
    @Override
    public String toString() {
        return failure.map(why -> "unknown: " + why).orElse(atLeast ? "more than " + rows : Long.toString(rows));
    }
}
