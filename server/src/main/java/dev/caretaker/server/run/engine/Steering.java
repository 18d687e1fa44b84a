package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.LockedRun;
import dev.caretaker.server.store.NewEvent;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Tuning;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What callers ask of runs that exist: to pause, go on, stop, or work otherwise. Decided on the locked row; the engine finds
 * out by looking.
 */
@Singleton
final class Steering {
    private final RunStore store;
    private final DebtStore debts;
    private final RunDispatch dispatch;
    private final Bell bell;
    private final Clock clock;

    Steering(RunStore store, DebtStore debts, RunDispatch dispatch, Bell bell, Clock clock) {
        this.store = store;
        this.debts = debts;
        this.dispatch = dispatch;
        this.bell = bell;
        this.clock = clock;
    }

    /** See {@link Runs#pause}. */
    void pause(UUID runId, Actor actor, String reason) {
        steer(runId, locked -> pause(locked, new RunView.StateRequest(actor, reason, now(), false)));
        children(runId, child -> pause(child, actor, reason));
    }

    /** See {@link Runs#freeze}. */
    void freeze(UUID runId, Actor actor, String reason, Consumer<UUID> noted) {
        steer(runId, locked -> {
            RunState before = locked.run().state();
            pause(locked, new RunView.StateRequest(actor, reason, now(), true));
            if (!before.isActive()) {
                locked.standStill(now());
            }
            noted.accept(runId);
        });
        children(runId, child -> freeze(child, actor, reason, noted));
        store.find(runId).flatMap(RunRow::parentRunId).ifPresent(dispatch::bring); // its time is to stand still as well
    }

    private void pause(LockedRun locked, RunView.StateRequest request) {
        RunRow run = goingOn(locked);
        RunState to = run.state().isActive() ? run.state() : RunState.PAUSED;
        write(locked, DesiredState.PAUSED, to, request);
    }

    /** See {@link Runs#resume}. */
    void resume(UUID runId, Actor actor, String reason) {
        steer(runId, locked -> {
            RunRow run = goingOn(locked);
            RunState to = run.state() == RunState.PAUSED ? RunState.QUEUED : run.state();
            write(locked, DesiredState.RUNNING, to, actor, reason);
        });
        dispatch.bring(runId);
        children(runId, child -> resume(child, actor, reason));
    }

    /** See {@link Runs#cancel}. */
    void cancel(UUID runId, Actor actor, String reason) {
        steer(runId, locked -> {
            RunRow run = open(locked);
            if (run.desired() == DesiredState.CANCELLED) {
                return;
            }
            boolean settled = locked.steps().stream()
                    .allMatch(
                            step -> step.outcome().isPresent() || step.pending().isEmpty());
            if (!run.state().isActive() && settled) {
                abandon(locked, actor, reason);
            } else {
                write(locked, DesiredState.CANCELLED, RunState.CANCELLING, actor, reason);
            }
        });
        dispatch.bring(runId);
        children(runId, child -> cancel(child, actor, reason));
    }

    /** See {@link Runs#tune}. */
    void tune(UUID runId, Actor actor, String reason, UnaryOperator<Tuning> change) {
        steer(runId, locked -> {
            RunRow run = open(locked);
            Tuning tuning = change.apply(run.tuning());
            RunEvent tuned = new RunEvent.Warning(
                    "TUNED",
                    new RunView.StateRequest(actor, reason, now(), false).sentence("Settings changed"),
                    0,
                    Map.of("before", Json.write(run.tuning()), "after", Json.write(tuning)));
            locked.write(
                    run.desired(),
                    run.request(),
                    run.state(),
                    run.stateReason(),
                    now(),
                    tuning,
                    List.of(Events.record(tuned, now())));
        });
    }

    /** What is asked of a run is asked of those it started; one that ended meanwhile needs nothing. */
    private void children(UUID runId, Consumer<UUID> asking) {
        for (UUID child : store.children(runId)) {
            try {
                asking.accept(child);
            } catch (CaretakerException e) {
                if (e.reason() != Reason.RUN_ENDED && e.reason() != Reason.RUN_CANCELLING) {
                    throw e;
                }
            }
        }
    }

    private void steer(UUID runId, Consumer<LockedRun> decision) {
        store.steer(runId, decision);
        bell.ring(runId);
    }

    private void write(LockedRun locked, DesiredState desired, RunState to, Actor actor, String reason) {
        write(locked, desired, to, new RunView.StateRequest(actor, reason, now(), false));
    }

    private void write(LockedRun locked, DesiredState desired, RunState to, RunView.StateRequest request) {
        RunRow run = locked.run();
        Instant now = request.at();
        String because = to == run.state() ? run.stateReason() : request.sentence("Asked for");
        List<NewEvent> events = to == run.state()
                ? List.of()
                : List.of(Events.record(
                        new RunEvent.StateChanged(run.state(), to, because, Optional.of(request.actor())), now));
        locked.write(desired, Optional.of(Json.write(request)), to, because, now, run.tuning(), events);
    }

    /** Nobody works on the run and nothing of it is in doubt: it ends here, told as if somebody had stopped working on it. */
    private void abandon(LockedRun locked, Actor actor, String reason) {
        write(locked, DesiredState.CANCELLED, RunState.CANCELLING, actor, reason);
        Instant now = now();
        String because = new RunView.StateRequest(actor, reason, now, false).sentence("Cancelled");
        Map<Integer, String> messages = new HashMap<>();
        List<NewEvent> events = new ArrayList<>();
        for (StepRow step : locked.steps()) {
            if (step.outcome().isEmpty()) {
                StepResult.Ended ended = StepResult.Ended.stopped(step, Outcome.CANCELLED, because);
                messages.put(step.ordinal(), ended.message());
                events.add(Events.record(new RunEvent.StepFinished(Views.ended(step, ended, now)), now));
            }
        }
        locked.endSteps(Outcome.CANCELLED, messages, now);
        RunSteps steps = new RunSteps(store, locked.run().id());
        events.add(Events.record(
                Views.finished(
                        steps.outcome(),
                        steps.all(),
                        steps.error(),
                        debts.of(locked.run().id())),
                now));
        locked.end(steps.outcome(), because, steps.error().map(Json::write), now, events);
    }

    /** As exact as the control store keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static RunRow open(LockedRun locked) {
        RunRow run = locked.run();
        if (run.state().isTerminal()) {
            throw CaretakerException.of(
                    Reason.RUN_ENDED,
                    "Run " + run.id() + " has ended.",
                    Map.of("run_id", run.id().toString()));
        }
        return run;
    }

    /** An open run that nobody has cancelled. */
    private static RunRow goingOn(LockedRun locked) {
        RunRow run = open(locked);
        if (run.desired() == DesiredState.CANCELLED) {
            throw CaretakerException.of(
                    Reason.RUN_CANCELLING,
                    "Run " + run.id() + " is being cancelled.",
                    Map.of("run_id", run.id().toString()));
        }
        return run;
    }
}
