package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Tuning;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Behind the door to the engine: accepts runs and shows them; {@link Steering} has what is asked of them afterwards. */
@Singleton
final class RunsService implements Runs {
    private final RunStore store;
    private final DebtStore debts;
    private final StepKinds kinds;
    private final RunPages pages;
    private final Steering steering;
    private final HeldWork held;
    private final Origins origins;
    private final RunDispatch dispatch;
    private final RunWatch watch;
    private final Clock clock;

    RunsService(
            RunStore store,
            DebtStore debts,
            StepKinds kinds,
            RunPages pages,
            Steering steering,
            HeldWork held,
            Origins origins,
            RunDispatch dispatch,
            RunWatch watch,
            Clock clock) {
        this.store = store;
        this.debts = debts;
        this.kinds = kinds;
        this.pages = pages;
        this.steering = steering;
        this.held = held;
        this.origins = origins;
        this.dispatch = dispatch;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public RunView start(UUID id, RunRequest request) {
        request.steps().forEach(step -> kinds.require(step.kind()));
        held.require(request);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as exact as the control store keeps it
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
        return find(runId).orElseThrow(() -> RunStore.notFound(runId));
    }

    @Override
    public Optional<RunView> find(UUID runId) {
        return store.find(runId).map(run -> Views.run(run, store.shownSteps(List.of(runId)), debts.of(runId)));
    }

    @Override
    public RunPage list(RunFilter filter) {
        return pages.list(filter);
    }

    @Override
    public RunSums sums(RunFilter filter) {
        return pages.sums(filter);
    }

    @Override
    public List<CoursePoint> course(UUID runId, int most) {
        return pages.course(runId, most);
    }

    @Override
    public RunView pause(UUID runId, Actor actor, String reason) {
        steering.pause(runId, actor, reason);
        return get(runId);
    }

    @Override
    public RunView freeze(UUID runId, Actor actor, String reason, Consumer<UUID> noted) {
        steering.freeze(runId, actor, reason, noted);
        return get(runId);
    }

    @Override
    public boolean isFrozen(UUID runId) {
        return store.isFrozen(runId);
    }

    @Override
    public RunView resume(UUID runId, Actor actor, String reason) {
        steering.resume(runId, actor, reason);
        return get(runId);
    }

    @Override
    public RunView cancel(UUID runId, Actor actor, String reason) {
        steering.cancel(runId, actor, reason);
        return get(runId);
    }

    @Override
    public RunView tune(UUID runId, Actor actor, String reason, UnaryOperator<Tuning> change) {
        steering.tune(runId, actor, reason, change);
        return get(runId);
    }

    @Override
    public void watch(UUID runId, long fromSequence, Watcher watcher) {
        RunRow run = store.find(runId).orElseThrow(() -> RunStore.notFound(runId));
        watcher.begins(run.traceParent().map(TraceParent::stored).map(TraceParent::traceId));
        watch.watch(runId, fromSequence, watcher);
    }
}
