package dev.caretaker.server.run;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The door to the run engine: starts, steers, shows and watches runs. Works from any server of the control store; nothing
 * is cached. All methods throw {@link dev.caretaker.server.error.CaretakerException} with RUN_NOT_FOUND for an unknown id.
 */
public interface Runs {

    /** Accepts a run and hands it to whichever server is free; returns at once. Fails with HELD if a hold freezes it. */
    default RunView start(RunRequest request) {
        return start(UUID.randomUUID(), request);
    }

    /** The same under an id of the caller's choice, by which an attempt that was cut short finds what it started. */
    RunView start(UUID runId, RunRequest request);

    /** The run of that id; empty if there is none. */
    Optional<RunView> find(UUID runId);

    RunView get(UUID runId);

    /** Newest first, without steps. */
    RunPage list(RunFilter filter);

    /** Sums over all runs that the filter chooses, whatever its page. */
    RunSums sums(RunFilter filter);

    /**
     * How a run went over time, as far as its progress is kept.
     *
     * @param most points at most, at least 1
     */
    List<CoursePoint> course(UUID runId, int most);

    /** Asks it, and the runs it started, for a pause after the current batch or statement. Fails with RUN_ENDED or RUN_CANCELLING. */
    RunView pause(UUID runId, Actor actor, String reason);

    /**
     * The same on behalf of a hold: its time, and that of the run that started it and waits for it, stands still until it goes
     * on. Fails with RUN_ENDED or RUN_CANCELLING.
     *
     * @param noted takes note of each run that is paused so, in the transaction in which it is
     */
    RunView freeze(UUID runId, Actor actor, String reason, Consumer<UUID> noted);

    /** Whether a hold has paused it, or a run that it started, or keeps one of them from beginning; not if it has ended. */
    boolean isFrozen(UUID runId);

    /** Asks a paused run, and the runs it started, to go on. Fails with RUN_ENDED or RUN_CANCELLING. */
    RunView resume(UUID runId, Actor actor, String reason);

    /** Asks the run, and the runs it started, to stop for good. Asking twice is no error. Fails with RUN_ENDED. */
    RunView cancel(UUID runId, Actor actor, String reason);

    /**
     * Changes live settings. Fails with RUN_ENDED.
     *
     * @param reason as said; may be empty
     */
    RunView tune(UUID runId, Actor actor, String reason, UnaryOperator<Tuning> change);

    /**
     * Replays events from a number on, then follows the run to its end, on the calling thread.
     *
     * @param watcher gets every event once and in order, and a heartbeat when nothing happened for a while; stops the
     *     watching by returning false
     */
    void watch(UUID runId, long fromSequence, Watcher watcher);

    /** Gets what happens. */
    interface Watcher {
        /** Called once, before all else, with the trace that the run belongs to. */
        default void begins(Optional<String> traceId) {}

        /** False ends the watching. */
        boolean event(long sequence, Instant at, RunEvent event);

        /** Nothing happened for a while; false ends the watching. */
        boolean heartbeat(long lastSequence, Instant at, RunState state);
    }

    /**
     * Which runs to list.
     *
     * @param states empty means all
     * @param outcomes empty means all, also of runs that have none yet
     * @param topLevel whether runs are left out that another one started
     * @param pageToken opaque, from the previous page
     */
    record RunFilter(
            Optional<String> target,
            Set<RunState> states,
            Optional<RunKind> kind,
            Optional<Instant> createdAfter,
            Optional<Instant> endedAfter,
            Set<Outcome> outcomes,
            boolean topLevel,
            int pageSize,
            Optional<String> pageToken) {

        /** Runs of any outcome, whoever started them. */
        public RunFilter(
                Optional<String> target,
                Set<RunState> states,
                Optional<RunKind> kind,
                Optional<Instant> createdAfter,
                int pageSize,
                Optional<String> pageToken) {
            this(target, states, kind, createdAfter, Optional.empty(), Set.of(), false, pageSize, pageToken);
        }
    }

    /** One page of runs. */
    record RunPage(List<RunView> runs, Optional<String> nextPageToken) {}

    /**
     * Sums over runs. What a routine did counts where the runs are that it started.
     *
     * @param runs how many they are
     * @param ended how many of them have ended
     * @param failed how many of these have failed
     * @param rowsExact false if a part of {@code rowsDeleted} is an estimate
     * @param bytesReturned to the file system
     */
    record RunSums(long runs, long ended, long failed, long rowsDeleted, boolean rowsExact, long bytesReturned) {}

    /**
     * How far a run was at a moment.
     *
     * @param bytesDone by its batches, an estimate
     * @param bytesProcessed what its statements had gone through
     * @param longestBatch since the point before; zero if none was told of
     */
    record CoursePoint(Instant at, long rowsDone, long bytesDone, long bytesProcessed, Duration longestBatch) {}
}
