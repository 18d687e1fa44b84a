package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What keeps a run, or a step of it, from beginning: a backup that it needs, a hold, a backup that reads. */
final class Beginning {
    private final RunRow run;
    private final RunSteps steps;
    private final Control control;
    private final Engine engine;
    private final List<NeededBackup> needed;

    Beginning(RunRow run, RunSteps steps, Control control, Engine engine) {
        this.run = run;
        this.steps = steps;
        this.control = control;
        this.engine = engine;
        this.needed = Rows.backups(run);
    }

    /**
     * One that needs a backup does not begin without it, whatever was when it was ordered: since then it has waited, for its window, for a
     * server, or behind others. One that has begun goes on: half of it is no better than all.
     *
     * @return BACKUP_TOO_OLD; empty if it may begin, or has begun
     */
    Optional<CaretakerException> withoutBackup() {
        if (needed.isEmpty()
                || control.atBoundary().isPresent()
                || steps.all().stream()
                        .anyMatch(step ->
                                step.started().isPresent() || step.outcome().isPresent())) {
            return Optional.empty();
        }
        return engine.backups()
                .objectionNow(run.target(), needed)
                .map(why -> CaretakerException.of(Reason.BACKUP_TOO_OLD, why, Map.of("target", run.target())));
    }

    /** What a step waits for that has not begun; empty if nothing keeps it. */
    Optional<StepResult> obstacle(StepRow step) {
        return step.started().isPresent() ? Optional.empty() : held(step).or(() -> behindBackup(step));
    }

    /** What a hold freezes that was set while the run waited to begin, or that follows steps which it lets pass. */
    private Optional<StepResult> held(StepRow step) {
        return engine.held()
                .before(run, step, steps.all(), engine.clock().instant())
                .map(sentence -> new StepResult.Waiting(sentence, Optional.empty(), true));
    }

    /** A step that excludes readers is not begun while a backup reads; one that has begun looks before each statement. */
    private Optional<StepResult> behindBackup(StepRow step) {
        return engine.kinds().excludesReaders(step.kind())
                ? backupAtWork().map(StepResult.Behind::new)
                : Optional.empty();
    }

    /** The backup of the run's database that is at work, as a sentence. */
    Optional<String> backupAtWork() {
        return engine.backupsAtWork().at(run.target());
    }
}
