package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.store.LeaseStore.StepEnd;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes how a run and its steps end, and leaves nothing of it at the target. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final String ALL_ENDED = "All steps have ended.";

    private final RunRow run;
    private final RunSteps steps;
    private final Lease lease;
    private final Engine engine;
    private final BeforeAndAfter looks;
    private final SessionKeeper sessions;

    Ending(RunRow run, RunSteps steps, Lease lease, Engine engine, BeforeAndAfter looks, SessionKeeper sessions) {
        this.run = run;
        this.steps = steps;
        this.lease = lease;
        this.engine = engine;
        this.looks = looks;
        this.sessions = sessions;
    }

    /**
     * A step is over, and with the last one the run: then both are written at once, else with the start of the next step.
     *
     * @return whether the run has ended
     */
    boolean step(int ordinal, StepResult.Ended ended) {
        boolean last = steps.open().stream().allMatch(step -> step.ordinal() == ordinal);
        if (last) {
            end(ALL_ENDED, () -> endStep(ordinal, ended, Runnable::run));
        } else {
            endStep(ordinal, ended, lease::withNext);
        }
        return last;
    }

    /** No step of the run is left. */
    void allEnded() {
        end(ALL_ENDED, () -> {});
    }

    /** The run does not begin. */
    void refused(CaretakerException refusal) {
        CaretakerException told =
                CaretakerException.of(refusal.reason(), "Not begun. " + refusal.getMessage(), refusal.metadata());
        end(
                refusal.getMessage(),
                () -> steps.open()
                        .forEach(step ->
                                endStep(step.ordinal(), StepResult.Ended.failed(told, step.totals()), Runnable::run)));
    }

    /**
     * The run ends before its open steps do.
     *
     * @param ordinal the step that was worked on
     * @param left what it has left behind, as a sentence
     */
    void stopped(Outcome outcome, String reason, int ordinal, Optional<String> left) {
        end(reason, () -> {
            for (StepRow step : steps.open()) {
                boolean leaves = step.ordinal() == ordinal && left.isPresent();
                endStep(
                        step.ordinal(),
                        StepResult.Ended.stopped(step, outcome, leaves ? reason + " " + left.get() : reason),
                        Runnable::run);
            }
        });
    }

    /** @param before what is still to be written, in the same transaction */
    private void end(String reason, Runnable before) {
        // Nothing of the run is left at the target before anybody is told that it has ended.
        looks.end(isAway(), sessions.leave(() -> engine.targets().get(run.target())));
        lease.together(() -> {
            before.run();
            lease.end(
                    steps.outcome(),
                    reason,
                    steps.error(),
                    Views.finished(
                            steps.outcome(),
                            steps.all(),
                            steps.error(),
                            engine.debts().of(run.id())));
        });
        LOG.info("run {}: {}. {}", run.id(), steps.outcome(), reason);
    }

    /** Nobody waits for a target that could not be reached. */
    private boolean isAway() {
        return steps.error()
                .filter(error -> error.reason().equals(Reason.TARGET_UNREACHABLE.name()))
                .isPresent();
    }

    /** @param when when to write it */
    private void endStep(int ordinal, StepResult.Ended ended, Consumer<Runnable> when) {
        StepRow row = steps.get(ordinal);
        Instant now = engine.clock().instant();
        StepView view = Views.ended(row, ended, now);
        StepEnd end = new StepJournal(lease, row).end(ended);
        when.accept(() -> lease.endStep(view, end));
        steps.ended(row, end, now);
    }
}
