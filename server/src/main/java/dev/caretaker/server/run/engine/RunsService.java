package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.NewEvent;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.RunStore.Steering;
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

/** Starts, steers and shows runs. Decisions are taken on the locked row; the engine finds out by looking. */
@Singleton
final class RunsService implements Runs {
    private final RunStore store;
    private final DebtStore debts;
    private final StepKinds kinds;
    private final HeldWork held;
    private final Origins origins;
    private final RunDispatch dispatch;
    private final RunWatch watch;
    private final Bell bell;
    private final Clock clock;

    RunsService(
            RunStore store,
            DebtStore debts,
            StepKinds kinds,
            HeldWork held,
            Origins origins,
            RunDispatch dispatch,
            RunWatch watch,
            Bell bell,
            Clock clock) {
        this.store = store;
        this.debts = debts;
        this.kinds = kinds;
        this.held = held;
        this.origins = origins;
        this.dispatch = dispatch;
        this.watch = watch;
        this.bell = bell;
        this.clock = clock;
    }

    @Override
    public RunView start(UUID id, RunRequest request) {
        request.steps().forEach(step -> kinds.require(step.kind()));
        held.require(request);
        Instant now = now();
        RunRow run = origins.of(id, request, now);
        List<StepRow> steps = Rows.steps(id, request.steps());
        List<StepView> views = steps.stream().map(Views::step).toList();
        RunEvent accepted = new RunEvent.Accepted(
                request.kind(), request.target(), request.planId().map(UUID::toString), views);
        store.insert(run, steps, Events.record(accepted, now));
        dispatch.bringNew(id);
        debts.hurry(request.target(), now); // what a person mended before this run shows at once
        return Views.run(run, steps, List.of());
    }

    @Override
    public RunView get(UUID runId) {
        return find(runId).orElseThrow(() -> notFound(runId));
    }

    @Override
    public Optional<RunView> find(UUID runId) {
        return store.find(runId).map(run -> Views.run(run, store.shownSteps(List.of(runId)), debts.of(runId)));
    }

    @Override
    public RunPage list(RunFilter filter) {
        return RunPages.list(store, filter);
    }

    @Override
    public RunSums sums(RunFilter filter) {
        return RunPages.sums(store, filter);
    }

    @Override
    public List<CoursePoint> course(UUID runId, int most) {
        return store.course(runId, most).stream()
                .map(point -> new CoursePoint(
                        point.at(), point.rowsDone(), point.bytesDone(), point.bytesProcessed(), point.longestBatch()))
                .toList();
    }

    @Override
    public RunView pause(UUID runId, Actor actor, String reason) {
        steer(runId, steering -> pause(steering, new RunView.StateRequest(actor, reason, now(), false)));
        children(runId, child -> pause(child, actor, reason));
        return get(runId);
    }

    @Override
    public RunView freeze(UUID runId, Actor actor, String reason, Consumer<UUID> noted) {
        steer(runId, steering -> {
            RunState before = steering.run().state();
            pause(steering, new RunView.StateRequest(actor, reason, now(), true));
            if (!before.isActive()) {
                steering.standStill(now());
            }
            noted.accept(runId);
        });
        children(runId, child -> freeze(child, actor, reason, noted));
        RunView frozen = get(runId);
        frozen.parentRunId().ifPresent(dispatch::bring); // its time is to stand still as well
        return frozen;
    }

    @Override
    public boolean isFrozen(UUID runId) {
        return store.isFrozen(runId);
    }

    private void pause(Steering steering, RunView.StateRequest request) {
        RunRow run = goingOn(steering);
        RunState to = run.state().isActive() ? run.state() : RunState.PAUSED;
        write(steering, DesiredState.PAUSED, to, request);
    }

    @Override
    public RunView resume(UUID runId, Actor actor, String reason) {
        steer(runId, steering -> {
            RunRow run = goingOn(steering);
            RunState to = run.state() == RunState.PAUSED ? RunState.QUEUED : run.state();
            write(steering, DesiredState.RUNNING, to, actor, reason);
        });
        dispatch.bring(runId);
        children(runId, child -> resume(child, actor, reason));
        return get(runId);
    }

    @Override
    public RunView cancel(UUID runId, Actor actor, String reason) {
        steer(runId, steering -> {
            RunRow run = open(steering);
            if (run.desired() == DesiredState.CANCELLED) {
                return;
            }
            boolean settled = steering.steps().stream()
                    .allMatch(
                            step -> step.outcome().isPresent() || step.pending().isEmpty());
            if (!run.state().isActive() && settled) {
                abandon(steering, actor, reason);
            } else {
                write(steering, DesiredState.CANCELLED, RunState.CANCELLING, actor, reason);
            }
        });
        dispatch.bring(runId);
        children(runId, child -> cancel(child, actor, reason));
        return get(runId);
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

    @Override
    public RunView tune(UUID runId, Actor actor, String reason, UnaryOperator<Tuning> change) {
        steer(runId, steering -> {
            RunRow run = open(steering);
            Tuning tuning = change.apply(run.tuning());
            RunEvent tuned = new RunEvent.Warning(
                    "TUNED",
                    new RunView.StateRequest(actor, reason, now(), false).sentence("Settings changed"),
                    0,
                    Map.of("before", Json.write(run.tuning()), "after", Json.write(tuning)));
            steering.write(
                    run.desired(),
                    run.request(),
                    run.state(),
                    run.stateReason(),
                    now(),
                    tuning,
                    List.of(Events.record(tuned, now())));
        });
        return get(runId);
    }

    @Override
    public void watch(UUID runId, long fromSequence, Watcher watcher) {
        RunRow run = store.find(runId).orElseThrow(() -> notFound(runId));
        watcher.begins(run.traceParent().map(TraceParent::stored).map(TraceParent::traceId));
        watch.watch(runId, fromSequence, watcher);
    }

    private void steer(UUID runId, Consumer<Steering> decision) {
        if (!store.steer(runId, decision)) {
            throw notFound(runId);
        }
        bell.ring(runId);
    }

    private void write(Steering steering, DesiredState desired, RunState to, Actor actor, String reason) {
        write(steering, desired, to, new RunView.StateRequest(actor, reason, now(), false));
    }

    private void write(Steering steering, DesiredState desired, RunState to, RunView.StateRequest request) {
        RunRow run = steering.run();
        Instant now = request.at();
        String because = to == run.state() ? run.stateReason() : request.sentence("Asked for");
        List<NewEvent> events = to == run.state()
                ? List.of()
                : List.of(Events.record(
                        new RunEvent.StateChanged(run.state(), to, because, Optional.of(request.actor())), now));
        steering.write(desired, Optional.of(Json.write(request)), to, because, now, run.tuning(), events);
    }

    /** Nobody works on the run and nothing of it is in doubt: it ends here, told as if somebody had stopped working on it. */
    private void abandon(Steering steering, Actor actor, String reason) {
        write(steering, DesiredState.CANCELLED, RunState.CANCELLING, actor, reason);
        Instant now = now();
        String because = new RunView.StateRequest(actor, reason, now, false).sentence("Cancelled");
        Map<Integer, String> messages = new HashMap<>();
        List<NewEvent> events = new ArrayList<>();
        for (StepRow step : steering.steps()) {
            if (step.outcome().isEmpty()) {
                StepResult.Ended ended = StepResult.Ended.stopped(step, Outcome.CANCELLED, because);
                messages.put(step.ordinal(), ended.message());
                events.add(Events.record(new RunEvent.StepFinished(Views.ended(step, ended, now)), now));
            }
        }
        steering.endSteps(Outcome.CANCELLED, messages, now);
        RunSteps steps = new RunSteps(store, steering.run().id());
        events.add(Events.record(
                Views.finished(
                        steps.outcome(),
                        steps.all(),
                        steps.error(),
                        debts.of(steering.run().id())),
                now));
        steering.end(steps.outcome(), because, steps.error().map(Json::write), now, events);
    }

    /** As exact as the control store keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static RunRow open(Steering steering) {
        RunRow run = steering.run();
        if (run.state().isTerminal()) {
            throw CaretakerException.of(
                    Reason.RUN_ENDED,
                    "Run " + run.id() + " has ended.",
                    Map.of("run_id", run.id().toString()));
        }
        return run;
    }

    /** An open run that nobody has cancelled. */
    private static RunRow goingOn(Steering steering) {
        RunRow run = open(steering);
        if (run.desired() == DesiredState.CANCELLED) {
            throw CaretakerException.of(
                    Reason.RUN_CANCELLING,
                    "Run " + run.id() + " is being cancelled.",
                    Map.of("run_id", run.id().toString()));
        }
        return run;
    }

    private static CaretakerException notFound(UUID runId) {
        return CaretakerException.of(
                Reason.RUN_NOT_FOUND, "There is no run " + runId + ".", Map.of("run_id", runId.toString()));
    }
}
