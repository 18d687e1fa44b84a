package dev.caretaker.server.api.mapping;

import dev.caretaker.server.routine.Routines;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.RunRoutineRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Reads which routine to run; who asks is added when it is known. */
public final class RoutineReader {
    private RoutineReader() {}

    public static Function<Actor, Routines.Order> order(Violations violations, RunRoutineRequest message) {
        violations.required("target", message.getTarget());
        violations.required("routine", message.getRoutine());
        Optional<Duration> deadline = RunBounds.deadline(violations, message.hasDeadline(), message.getDeadline());
        return actor -> new Routines.Order(
                message.getTarget(), message.getRoutine(), deadline, message.getIgnoreWindow(), actor);
    }
}
