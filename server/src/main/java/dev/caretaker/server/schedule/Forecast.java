package dev.caretaker.server.schedule;

import dev.caretaker.server.store.FireOutcome;
import java.time.Instant;

/**
 * What would become of a nominal time as things stand.
 *
 * @param due when it would start: the nominal time and its jitter
 * @param outcome STARTED, or what would stand in the way
 * @param message what would stand in the way, as a sentence; may be empty
 * @param shifted whether clocks are put forward over the time that is meant, so that it is this one instead
 */
public record Forecast(
        String target, Instant nominal, Instant due, FireOutcome outcome, String message, boolean shifted) {}
