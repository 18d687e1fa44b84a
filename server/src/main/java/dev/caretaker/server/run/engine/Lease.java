package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.LeaseStore;
import dev.caretaker.server.store.LeaseStore.Entry;
import dev.caretaker.server.store.LeaseStore.StepEnd;
import dev.caretaker.server.store.NewEvent;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.store.RunState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The right of one server to work on a run, until another takes it over. All that the engine writes about the run goes
 * through here and throws {@link LeaseLost} once the epoch is stale. Used by the run's own thread.
 */
final class Lease {
    private final LeaseStore store;
    private final Bell bell;
    private final Clock clock;
    private final UUID runId;
    private final long epoch;
    private final String server;
    private final Telling telling;
    private final List<Runnable> queued = new ArrayList<>();
    private RunState state;
    private String reason = "";

    Lease(LeaseStore store, Bell bell, Clock clock, RunRow run, RunListener.Work listener) {
        this.store = store;
        this.bell = bell;
        this.clock = clock;
        this.runId = run.id();
        this.epoch = run.epoch();
        this.server = run.server();
        this.telling = new Telling(listener);
        this.state = run.state();
    }

    RunState state() {
        return state;
    }

    /**
     * Has something written in one transaction with whatever is written next, and before it: a commit less. Only what may as well
     * be lost with this server, and is found out by whoever goes on.
     */
    void withNext(Runnable write) {
        synchronized (queued) {
            queued.add(write);
        }
    }

    /** Writes now what waits for the next write. */
    void flush() {
        write(() -> true);
    }

    void event(RunEvent event) {
        requireTold(event, () -> store.append(runId, epoch, record(event)));
    }

    /** An event that may wait for what is written next, such as one that says no more than the journal does: a commit less. */
    void eventWithNext(RunEvent event) {
        NewEvent recorded = record(event);
        withNext(() -> requireTold(event, () -> store.append(runId, epoch, recorded)));
    }

    /** Work was held back for that time. */
    void heldBack(ThrottleSignal signal, Duration time) {
        telling.listener().heldBack(signal, time);
    }

    /** A batch was committed. */
    void batch(RunListener.BatchReport batch) {
        telling.listener().batch(batch);
    }

    /** A batch or statement was rolled back. */
    void failed(RunListener.FailureReport failure) {
        telling.listener().failed(failure);
    }

    /** Changes the observed state, and says so, if it is another. */
    void state(RunState to, String because, Optional<Actor> actor) {
        if (to == state) {
            if (!because.equals(reason)) {
                require(() -> store.note(runId, epoch, to.isActive() ? server : "", because));
                reason = because;
            }
            return;
        }
        RunEvent event = new RunEvent.StateChanged(state, to, because, actor);
        Optional<Instant> started = to == RunState.RUNNING ? Optional.of(clock.instant()) : Optional.empty();
        requireTold(
                event,
                () -> store.state(runId, epoch, to, because, to.isActive() ? server : "", started, record(event)));
        state = to;
        reason = because;
    }

    /** Time begins to count, or stands still. */
    void deadline(Optional<Duration> left, Optional<Instant> deadline) {
        require(() -> store.deadline(runId, epoch, left, deadline));
    }

    /** The run is RUNNING from now on, and works on that step, on that lineage of the target. */
    void startStep(StepView step, boolean resumed, String because, String lineage) {
        RunEvent event = new RunEvent.StepStarted(step, resumed);
        NewEvent started = record(event);
        telling.together(() -> requireTold(
                event,
                () -> store.together(() -> {
                    state(RunState.RUNNING, because, Optional.empty());
                    return store.startStep(runId, step.ordinal(), epoch, lineage, started);
                })));
    }

    /** Marks the counts of ended steps that worked on another lineage as inexact; brings back which these are. */
    List<Integer> doubtSteps(String lineage) {
        return write(() -> store.doubtSteps(runId, epoch, lineage));
    }

    RunSignals journal(int ordinal, Entry entry) {
        return write(() -> store.journal(runId, ordinal, epoch, entry)).orElseThrow(LeaseLost::new);
    }

    /** All of the writes or none, whichever of them throws; who listens hears of them when all are there. */
    void together(Runnable writes) {
        telling.together(() -> require(() -> store.together(() -> {
            writes.run();
            return true;
        })));
        bell.ring(runId);
    }

    void endStep(StepView step, StepEnd end) {
        RunEvent event = new RunEvent.StepFinished(step);
        requireTold(event, () -> store.endStep(runId, step.ordinal(), epoch, end, record(event)));
    }

    void end(Outcome outcome, String because, Optional<RunError> error, RunEvent.Finished finished) {
        requireTold(
                finished, () -> store.end(runId, epoch, outcome, because, error.map(Json::write), record(finished)));
        state = RunState.ENDED;
    }

    private NewEvent record(RunEvent event) {
        return Events.record(event, clock.instant());
    }

    /** An event is written with it. */
    private void requireTold(RunEvent event, Supplier<Boolean> writing) {
        require(writing);
        telling.written(event);
        bell.ring(runId);
    }

    private void require(Supplier<Boolean> writing) {
        if (!write(writing)) {
            throw new LeaseLost();
        }
    }

    /** With what was queued; what cannot be written stays so. */
    private <T> T write(Supplier<T> writing) {
        List<Runnable> before = queued();
        if (before.isEmpty()) {
            return writing.get();
        }
        try {
            T written = telling.during(() -> store.transaction(() -> {
                before.forEach(Runnable::run);
                return writing.get();
            }));
            bell.ring(runId);
            return written;
        } catch (RuntimeException e) {
            synchronized (queued) {
                queued.addAll(0, before);
            }
            throw e;
        }
    }

    private List<Runnable> queued() {
        synchronized (queued) {
            List<Runnable> all = List.copyOf(queued);
            queued.clear();
            return all;
        }
    }
}
