package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.LeaseStore.StepEnd;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The steps of one run as the control store has them. Read once, then one by one as they change: runs may have thousands.
 * Used by the run's own thread.
 */
final class RunSteps {
    private final RunStore store;
    private final UUID runId;
    private final List<StepRow> rows;

    RunSteps(RunStore store, UUID runId) {
        this.store = store;
        this.runId = runId;
        this.rows = new ArrayList<>(store.steps(runId));
    }

    /** In order, as they are now. */
    List<StepRow> all() {
        return List.copyOf(rows);
    }

    /** Those that have not ended by now, in order. */
    List<StepRow> open() {
        return rows.stream().filter(step -> step.outcome().isEmpty()).toList();
    }

    boolean anyEnded() {
        return rows.stream().anyMatch(step -> step.outcome().isPresent());
    }

    StepRow get(int ordinal) {
        return rows.get(ordinal - 1);
    }

    /** The step was written: reads it again. */
    void refresh(int ordinal) {
        rows.set(ordinal - 1, store.step(runId, ordinal));
    }

    /** The step has ended; that is written, or will be before anything else. */
    void ended(StepRow step, StepEnd end, Instant at) {
        rows.set(step.ordinal() - 1, step.ended(end, at));
    }

    long rowsDeleted() {
        return rows.stream().mapToLong(step -> step.totals().rowsDeleted()).sum();
    }

    long rowsDeleted(String policy) {
        return rows.stream()
                .filter(step -> step.policy().equals(policy))
                .mapToLong(step -> step.totals().rowsDeleted())
                .sum();
    }

    /** What the steps before this one did, by relation. */
    Map<TableName, Totals> doneBefore(int ordinal) {
        Map<TableName, Totals> done = new HashMap<>();
        rows.stream()
                .filter(step -> step.ordinal() < ordinal)
                .forEach(step -> done.merge(step.relation(), step.totals(), Totals::plus));
        return done;
    }

    /** The gravest of those that have ended. */
    Outcome outcome() {
        return rows.stream().flatMap(step -> step.outcome().stream()).reduce(Outcome.COMPLETE, Outcome::and);
    }

    /** Of the first step that failed. */
    Optional<RunError> error() {
        return rows.stream()
                .flatMap(step -> step.error().stream())
                .findFirst()
                .map(json -> Json.read(json, RunError.class));
    }
}
