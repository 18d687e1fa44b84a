package dev.caretaker.server.partition.conversion.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.run.RunWindow;
import java.time.Instant;
import java.util.Optional;

/**
 * When a cut-over happens once all is prepared.
 *
 * @param onRequest only when it was asked for
 * @param window only while it is open, unless the cut-over was asked for
 */
public record CutOver(boolean onRequest, Optional<RunWindow> window) {
    public static final CutOver AT_ONCE = new CutOver(false, Optional.empty());

    /** What it waits for, as a sentence; empty if it waits for nothing. */
    public Optional<String> awaits(boolean requested, Instant now) {
        if (requested) {
            return Optional.empty();
        }
        if (onRequest) {
            return Optional.of("All is ready: the cut-over waits until it is asked for.");
        }
        return window.filter(daily -> !daily.isOpen(now))
                .map(daily -> "All is ready, but for the cut-over: " + daily.closedUntil(now) + ".");
    }

    /** Whether it may have to wait. */
    @JsonIgnore
    public boolean mayWait() {
        return onRequest || window.isPresent();
    }
}
