package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Totals;
import java.util.Optional;

/** How working on a step came to an end for now. */
sealed interface StepResult {

    /** For good. */
    record Ended(Outcome outcome, String message, Totals totals, Optional<RunError> error) implements StepResult {
        static Ended failed(CaretakerException exception, Totals totals) {
            return failed(exception, Optional.empty(), totals);
        }

        /** The run ends, or what it may do for the step's policy is done. */
        static Ended stopped(StepRow step, Outcome outcome, String reason) {
            String message = step.started().isPresent() ? reason : "Not begun. " + reason;
            return new Ended(outcome, message, step.totals(), Optional.empty());
        }

        /** @param left what could not be cleaned up, as a sentence */
        static Ended failed(CaretakerException exception, Optional<String> left, Totals totals) {
            String message = exception.getMessage()
                    + left.map(sentence -> " " + sentence).orElse("");
            return new Ended(Outcome.FAILED, message, totals, Optional.of(RunError.of(exception)));
        }
    }

    /**
     * Stopped at a clean place, journalled.
     *
     * @param left what could not be cleaned up, as a sentence; empty if nothing
     */
    record Halted(Halt halt, Optional<String> left) implements StepResult {
        Halted(Halt halt) {
            this(halt, Optional.empty());
        }
    }

    /** Put off until the other steps of the run have had their turn. */
    record PutOff() implements StepResult {}

    /**
     * Would wait behind a backup that reads, so it was not begun; holds no lock.
     *
     * @param reason what it waits for, as a sentence
     */
    record Behind(String reason) implements StepResult {}

    /**
     * Cannot go on now; holds nothing.
     *
     * @param reason what it waits for, as a sentence
     * @param unreachable what to tell if the target stays away; empty if it waits for something else, such as a lock
     * @param frozen whether a hold freezes what it waits for, so that the run's time does not count
     */
    record Waiting(String reason, Optional<CaretakerException> unreachable, boolean frozen) implements StepResult {
        Waiting(String reason, Optional<CaretakerException> unreachable) {
            this(reason, unreachable, false);
        }
    }
}
