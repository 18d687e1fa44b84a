package dev.caretaker.server.run;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Totals;
import java.util.Optional;

/** How working on a step came to an end for now. */
sealed interface StepResult {

    /** For good. */
    record Ended(Outcome outcome, String message, Totals totals, Optional<RunError> error) implements StepResult {
        static Ended failed(CaretakerException exception, Totals totals) {
            return new Ended(Outcome.FAILED, exception.getMessage(), totals, Optional.of(RunError.of(exception)));
        }
    }

    /** Stopped at a clean place, journalled. */
    record Halted(Halt halt) implements StepResult {}

    /** Put off until the other steps of the run have had their turn. */
    record PutOff() implements StepResult {}

    /**
     * Cannot go on now; holds nothing.
     *
     * @param unreachable true if the target is away, empty-handed waiting for a lock otherwise
     */
    record Waiting(String reason, Optional<CaretakerException> unreachable) implements StepResult {}
}
