package dev.caretaker.server.run.engine;

import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.Runs.Watcher;
import dev.caretaker.server.store.EventRow;
import dev.caretaker.server.store.EventStore;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Replays the events of a run and follows it, by asking the control store for what is new: at once where this server works on
 * the run, else at intervals. A run's numbers are given out under a lock on its row, so that an event is never seen before one
 * with a smaller number.
 */
@Singleton
final class RunWatch {
    private static final int CHUNK = 500;

    private final RunStore runs;
    private final EventStore events;
    private final Bell bell;
    private final EngineConfig config;
    private final Clock clock;

    RunWatch(RunStore runs, EventStore events, Bell bell, EngineConfig config, Clock clock) {
        this.runs = runs;
        this.events = events;
        this.bell = bell;
        this.config = config;
        this.clock = clock;
    }

    /** See {@link Runs#watch}. */
    void watch(UUID runId, long from, Watcher watcher) {
        long next = Math.max(1, from);
        requireKept(runId, next);
        try (Bell.Ear ear = bell.listen(runId)) {
            follow(runId, next, watcher, ear);
        }
    }

    private void follow(UUID runId, long from, Watcher watcher, Bell.Ear ear) {
        long next = from;
        long quietSince = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            List<EventRow> chunk = events.from(runId, next, CHUNK);
            for (EventRow row : chunk) {
                RunEvent event = Events.read(row);
                next = row.sequence() + 1;
                if (!watcher.event(row.sequence(), row.at(), event) || event instanceof RunEvent.Finished) {
                    return;
                }
            }
            if (!chunk.isEmpty()) {
                quietSince = System.nanoTime();
                continue;
            }
            Optional<RunRow> run = runs.find(runId);
            if (run.isEmpty() || (run.get().state().isTerminal() && run.get().lastSequence() < next)) {
                return;
            }
            if (System.nanoTime() - quietSince >= config.watcherHeartbeat().toNanos()) {
                quietSince = System.nanoTime();
                if (!watcher.heartbeat(next - 1, clock.instant(), run.get().state())) {
                    return;
                }
            }
            ear.await(config.watchInterval());
        }
    }

    /** Somebody who missed an event wants exactly that one; whoever starts at the beginning takes what is there. */
    private void requireKept(UUID runId, long next) {
        if (next == 1) {
            return;
        }
        long last = runs.find(runId).map(RunRow::lastSequence).orElse(0L);
        boolean kept = events.from(runId, next, 1).stream().anyMatch(event -> event.sequence() == next);
        if (!kept && next <= last) {
            throw CaretakerException.of(
                    Reason.EVENTS_EXPIRED,
                    "Event " + next + " of run " + runId + " is no longer kept; watch from 1 to see what is.",
                    Map.of("run_id", runId.toString(), "from_sequence", Long.toString(next)));
        }
    }
}
