package dev.caretaker.server.report;

import java.time.Duration;
import java.time.Instant;

/**
 * What a report is about.
 *
 * @param since included
 * @param until not included; after {@code since}
 */
public record Period(Instant since, Instant until) {
    /** Seven days. */
    public static final Duration USUAL = Duration.ofDays(7);
    /** Longer ones are refused: what schedules did is usually not kept for longer. */
    public static final Duration LONGEST = Duration.ofDays(400);

    public static final Duration SHORTEST = Duration.ofMinutes(1);

    public Duration length() {
        return Duration.between(since, until);
    }
}
