package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.schedule.Schedule;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.SchedulePause;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Notes how the run of a schedule ended: whether another follows, and whether the schedule pauses itself. */
@Singleton
final class RunEnds {
    /** What an expectation asks for. One that ran out of its time or was cancelled is no failure, but no success either. */
    private static final Set<Outcome> GOOD = EnumSet.of(Outcome.COMPLETE, Outcome.RESIDUAL, Outcome.PINNED);

    private final ControlStore control;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final Runs runs;

    RunEnds(ControlStore control, ScheduleLineStore lines, FireStore fires, Runs runs) {
        this.control = control;
        this.lines = lines;
        this.fires = fires;
        this.runs = runs;
    }

    /** Whether its run is still going; if not, its end is noted. */
    boolean isRunning(Schedule schedule, ScheduleLine line, Instant now) {
        if (line.runId().isEmpty()) {
            return false;
        }
        UUID runId = line.runId().get();
        Optional<RunView> run = runs.find(runId);
        if (run.filter(going -> !going.state().isTerminal()).isPresent()) {
            return true;
        }
        control.transaction(() -> {
            note(schedule, line, runId, run, now);
            return runId;
        });
        return false;
    }

    /** @param run empty if it is no longer kept */
    private void note(Schedule schedule, ScheduleLine line, UUID runId, Optional<RunView> run, Instant now) {
        Optional<FireRow> fire = fires.ofRun(line, runId);
        Optional<Outcome> outcome = run.flatMap(RunView::outcome);
        boolean failed = outcome.equals(Optional.of(Outcome.FAILED));
        boolean again = failed
                && fire.filter(row -> row.attempts() <= schedule.retries().times())
                        .isPresent();
        String message = failed ? "Run " + runId + " failed: " + why(run) : "";
        int failures = failed ? line.failures() + (again ? 0 : 1) : 0;
        boolean tooMany =
                failed && !again && schedule.pauseAfterFailures() > 0 && failures >= schedule.pauseAfterFailures();
        Optional<SchedulePause> pause = tooMany
                ? Optional.of(new SchedulePause(
                        Actor.ENGINE,
                        failures + " runs in a row failed; the latest: " + message,
                        now,
                        Optional.empty()))
                : Optional.empty();
        Optional<Instant> succeeded =
                outcome.filter(GOOD::contains).flatMap(good -> run.get().ended());
        if (lines.ended(line, runId, failures, pause, succeeded)) {
            fire.ifPresent(row -> fires.runEnded(
                    row,
                    outcome,
                    again ? Optional.of(now.plus(schedule.retries().delay())) : Optional.empty(),
                    failed ? run.flatMap(RunView::error).map(RunError::reason).orElse("") : row.reason(),
                    failed ? message : row.message()));
        }
    }

    private static String why(Optional<RunView> run) {
        return run.map(failed -> failed.error().map(RunError::message).orElse(failed.stateReason()))
                .orElse("it is no longer kept.");
    }
}
