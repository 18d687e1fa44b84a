package dev.caretaker.server.run;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Pace;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Who orders work, and within which bounds it is done.
 *
 * @param actor who asks for it
 * @param parent run that asks for it, if one does
 * @param deadline longest time the run may take
 * @param window when it may work
 * @param pace how much it gives way to others; empty: as configured
 */
public record RunTerms(
        Actor actor,
        Optional<UUID> parent,
        Optional<Duration> deadline,
        Optional<RunWindow> window,
        Optional<Pace> pace) {

    /** At any time, at the usual pace. */
    public static RunTerms of(Actor actor, Optional<Duration> deadline) {
        return new RunTerms(actor, Optional.empty(), deadline, Optional.empty(), Optional.empty());
    }

    /** The same, for a run that asks for it. */
    public RunTerms partOf(UUID run) {
        return new RunTerms(actor, Optional.of(run), deadline, window, pace);
    }
}
