package dev.caretaker.server.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A schedule that does not fire.
 *
 * @param reason may be empty
 * @param until empty: until somebody resumes it
 */
public record SchedulePause(Actor actor, String reason, Instant since, Optional<Instant> until) {

    /** Whether it holds at an instant. */
    public boolean covers(Instant at) {
        return !at.isBefore(since) && until.filter(end -> !at.isBefore(end)).isEmpty();
    }
}
