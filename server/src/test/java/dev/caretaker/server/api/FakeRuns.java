package dev.caretaker.server.api;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Runs that do nothing but be steered and tell a story. */
final class FakeRuns implements Runs {
    /** What a run tells its watchers. */
    interface Story {
        void tell(long fromSequence, Watcher watcher);
    }

    private final Map<UUID, RunView> runs = new ConcurrentHashMap<>();
    final AtomicInteger started = new AtomicInteger();
    final List<String> steered = new CopyOnWriteArrayList<>();
    final AtomicInteger watching = new AtomicInteger();
    /** Called while a run is being steered. */
    volatile Runnable whileSteering = () -> {};

    volatile Story story = FakeRuns::acceptedAndFinished;
    volatile RunFilter listed;

    RunView add(Actor actor) {
        started.incrementAndGet();
        RunView run = Samples.run(UUID.randomUUID(), actor);
        runs.put(run.id(), run);
        return run;
    }

    @Override
    public RunView start(UUID runId, RunRequest request) {
        started.incrementAndGet();
        RunView run = Samples.run(runId, request.actor());
        runs.put(runId, run);
        return run;
    }

    @Override
    public Optional<RunView> find(UUID runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    @Override
    public RunView get(UUID runId) {
        return find(runId).orElseThrow(() -> CaretakerException.of(Reason.RUN_NOT_FOUND, "no run " + runId));
    }

    @Override
    public RunPage list(RunFilter filter) {
        listed = filter;
        List<RunView> all = new ArrayList<>(runs.values());
        return new RunPage(all.stream().limit(filter.pageSize()).toList(), Optional.of("after"));
    }

    @Override
    public RunSums sums(RunFilter filter) {
        return new RunSums(runs.size(), 0, 0, 0, true, 0);
    }

    @Override
    public List<CoursePoint> course(UUID runId, int most) {
        return List.of();
    }

    @Override
    public RunView pause(UUID runId, Actor actor, String reason) {
        return steer("pause", runId, actor, reason, DesiredState.PAUSED);
    }

    @Override
    public RunView freeze(UUID runId, Actor actor, String reason, Consumer<UUID> noted) {
        return steer("freeze", runId, actor, reason, DesiredState.PAUSED);
    }

    @Override
    public boolean isFrozen(UUID runId) {
        return false;
    }

    @Override
    public RunView resume(UUID runId, Actor actor, String reason) {
        return steer("resume", runId, actor, reason, DesiredState.RUNNING);
    }

    @Override
    public RunView cancel(UUID runId, Actor actor, String reason) {
        return steer("cancel", runId, actor, reason, DesiredState.CANCELLED);
    }

    @Override
    public RunView tune(UUID runId, Actor actor, String reason, UnaryOperator<Tuning> change) {
        return runs.computeIfPresent(get(runId).id(), (id, run) -> Samples.tuned(run, change.apply(run.tuning())));
    }

    private RunView steer(String what, UUID runId, Actor actor, String reason, DesiredState desired) {
        RunView run = get(runId);
        whileSteering.run();
        steered.add(what + " by " + actor.name() + (actor.verified() ? " (verified)" : "") + ": " + reason);
        return runs.computeIfPresent(run.id(), (id, old) -> Samples.steered(old, desired, actor, reason));
    }

    @Override
    public void watch(UUID runId, long fromSequence, Watcher watcher) {
        get(runId);
        watching.incrementAndGet();
        try {
            story.tell(fromSequence, watcher);
        } finally {
            watching.decrementAndGet();
        }
    }

    private static void acceptedAndFinished(long fromSequence, Watcher watcher) {
        List<RunEvent> events = List.of(
                new RunEvent.Accepted(RunKind.CLEANUP, "main", Optional.empty(), List.of()),
                new RunEvent.Finished(Outcome.COMPLETE, Totals.NONE, List.of(), Optional.empty(), List.of()));
        for (int i = (int) fromSequence; i <= events.size(); i++) {
            if (!watcher.event(i, Instant.now(), events.get(i - 1))) {
                return;
            }
        }
    }
}
