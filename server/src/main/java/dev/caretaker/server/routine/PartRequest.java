package dev.caretaker.server.routine;

import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.store.Actor;
import java.util.Optional;

/**
 * Parameters of a step that does one part of a routine.
 *
 * @param routine the routine as it was configured when it began
 * @param policy CLEANUP: which policy
 * @param ignoreWindow whether it may work outside of the windows of routine and policy
 * @param actor who started it
 */
public record PartRequest(
        Part part, RoutineConfig routine, Optional<String> policy, boolean ignoreWindow, Actor actor) {
    public static final String STEP_KIND = "part";
}
