package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the server that holds the lease of a run writes. Every write carries the epoch and does nothing if another server
 * has taken over since; the answers say so.
 */
@Singleton
public class LeaseStore {
    private final ControlStore store;
    private final OutboxStore outbox;

    LeaseStore(ControlStore store, OutboxStore outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /** Takes the lease from whoever had it; empty if the run has ended. */
    public Optional<RunRow> claim(UUID runId, String server) {
        return store.transaction(() -> {
            Optional<RunRow> run = store.first("run_claim", RunRow::read, server, runId);
            run.ifPresent(row -> store.update("steps_claim", row.epoch(), runId));
            return run;
        });
    }

    /** Numbers and stores an event; false if the lease is lost. */
    public boolean append(UUID runId, long epoch, NewEvent event) {
        return store.update("event_append", runId, epoch, event.at(), event.progress(), event.body()) == 1;
    }

    /**
     * Changes the observed state; false if the lease is lost.
     *
     * @param server empty if nobody works on the run in this state
     * @param started when it began to work, if it does in this state
     */
    public boolean state(
            UUID runId,
            long epoch,
            RunState state,
            String reason,
            String server,
            Optional<Instant> started,
            NewEvent event) {
        return store.update(
                        "run_state",
                        state,
                        reason,
                        event.at(),
                        server,
                        started.orElse(null),
                        runId,
                        epoch,
                        event.at(),
                        event.body())
                == 1;
    }

    /**
     * Keeps the state, says anew who works on the run and why it is in this state; false if the lease is lost.
     *
     * @param server empty if nobody works on it
     */
    public boolean note(UUID runId, long epoch, String server, String reason) {
        return store.update("run_note", server, reason, runId, epoch) == 1;
    }

    /**
     * Time begins to count, or stands still; false if the lease is lost.
     *
     * @param left what is left of it while it stands still
     * @param deadline when it is up while it counts
     */
    public boolean deadline(UUID runId, long epoch, Optional<Duration> left, Optional<Instant> deadline) {
        return store.update("run_deadline", left.map(Duration::toMillis), deadline, runId, epoch) == 1;
    }

    /** @param lineage cluster and timeline of the target that it works on */
    public boolean startStep(UUID runId, int ordinal, long epoch, String lineage, NewEvent event) {
        return together(() -> append(runId, epoch, event)
                && store.update("step_start", event.at(), lineage, runId, ordinal, epoch) == 1);
    }

    /** Marks the counts of ended steps that worked on another lineage as inexact; brings back which these are. */
    public List<Integer> doubtSteps(UUID runId, long epoch, String lineage) {
        return store.list("steps_doubt", row -> row.getInt("ordinal"), runId, epoch, lineage);
    }

    /** Writes a journal entry and brings back the signals; empty if the lease is lost. */
    public Optional<RunSignals> journal(UUID runId, int ordinal, long epoch, Entry entry) {
        return store.first(
                "step_journal",
                RunSignals::read,
                entry.position(),
                entry.batchSize(),
                entry.fraction(),
                Json.write(entry.totals()),
                entry.pending(),
                entry.number(),
                runId,
                ordinal,
                epoch,
                entry.number());
    }

    public boolean endStep(UUID runId, int ordinal, long epoch, StepEnd end, NewEvent event) {
        return together(() -> append(runId, epoch, event)
                && store.update(
                                "step_end",
                                end.outcome(),
                                end.message(),
                                event.at(),
                                Json.write(end.totals()),
                                end.number(),
                                end.error(),
                                runId,
                                ordinal,
                                epoch,
                                end.number())
                        == 1);
    }

    public boolean end(UUID runId, long epoch, Outcome outcome, String reason, Optional<String> error, NewEvent event) {
        return together(() -> append(runId, epoch, event)
                && store.update("run_end", reason, event.at(), outcome, error, event.at(), runId, epoch) == 1
                && outbox.runEnded(runId));
    }

    /**
     * Ends a run with outcome FAILED, and its open steps, whoever has the lease; reads nothing of it but what it was.
     *
     * @return empty if it had ended
     */
    public Optional<Abandoned> abandon(UUID runId, String reason, String error, NewEvent finished) {
        return store.transaction(() -> {
            Optional<Abandoned> run = store.first(
                    "run_fail",
                    row -> new Abandoned(row.getString("kind"), row.getString("target"), row.getLong("last_sequence")),
                    reason,
                    finished.at(),
                    error,
                    finished.at(),
                    runId);
            run.ifPresent(ended -> {
                store.update("steps_fail", reason, finished.at(), error, runId);
                RunStore.insert(store, runId, ended.lastSequence(), finished);
                outbox.runEnded(runId);
            });
            return run;
        });
    }

    /** All of the writes or none; none if they throw. */
    public <T> T transaction(Supplier<T> writes) {
        return store.transaction(writes);
    }

    /** All of the writes or none; none if they say false. */
    public boolean together(BooleanSupplier writes) {
        try {
            return store.transaction(() -> {
                if (!writes.getAsBoolean()) {
                    throw new NotWritten();
                }
                return true;
            });
        } catch (NotWritten e) {
            return false;
        }
    }

    private static final class NotWritten extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotWritten() {
            super("rolled back, because the lease is lost", null, false, false);
        }
    }

    /**
     * One journal entry of a step.
     *
     * @param number greater than that of every entry before
     * @param position JSON; empty keeps the step at its start
     * @param pending what is about to be committed, JSON; empty if everything is settled
     */
    public record Entry(
            long number,
            Optional<String> position,
            long batchSize,
            double fraction,
            Totals totals,
            Optional<String> pending) {}

    /**
     * How a step ended.
     *
     * @param error JSON
     */
    public record StepEnd(long number, Outcome outcome, String message, Optional<String> error, Totals totals) {}

    /**
     * A run that was given up.
     *
     * @param kind as it is stored, perhaps by a newer server
     */
    public record Abandoned(String kind, String target, long lastSequence) {}
}
