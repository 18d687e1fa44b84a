package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.PlanStore.PlanRow;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Runs as callers see and steer them. What the engine writes while it works goes through {@link LeaseStore}. */
@Singleton
public class RunStore {
    private final ControlStore store;
    private final PlanStore plans;
    private final OutboxStore outbox;

    RunStore(ControlStore store, PlanStore plans, OutboxStore outbox) {
        this.store = store;
        this.plans = plans;
        this.outbox = outbox;
    }

    /**
     * Stores a run, its steps and its first event in one transaction, and claims the plan it executes in the same.
     *
     * @throws CaretakerException PLAN_ALREADY_EXECUTED
     */
    public void insert(RunRow run, List<StepRow> steps, NewEvent accepted) {
        store.transaction(() -> {
            run.planId().ifPresent(plan -> claim(plan, run.created()));
            store.update(
                    "run_insert",
                    run.id(),
                    run.kind(),
                    run.target(),
                    run.created(),
                    run.planId(),
                    run.parentRunId(),
                    Json.write(run.createdBy()),
                    run.created(),
                    run.timeLeft().map(Duration::toMillis),
                    run.deadline(),
                    run.window(),
                    run.rowLimits(),
                    run.neededBackups(),
                    Json.write(run.tuning()),
                    run.traceParent());
            store.batch("step_insert", steps.stream().map(RunStore::values).toList());
            return insert(store, run.id(), 1, accepted);
        });
    }

    private void claim(UUID plan, Instant now) {
        if (plans.claim(plan, now) == 0) {
            throw PlanStore.alreadyExecuted(plan, plans.find(plan).flatMap(PlanRow::run));
        }
    }

    private static Object[] values(StepRow step) {
        return new Object[] {
            step.runId(),
            step.ordinal(),
            step.kind(),
            step.relation().schema(),
            step.relation().name(),
            step.table().schema(),
            step.table().name(),
            step.policy(),
            step.rowsExpected(),
            step.parameters(),
            Json.write(step.totals())
        };
    }

    public Optional<RunRow> find(UUID runId) {
        return store.first("run_find", RunRow::read, runId);
    }

    /** In order. */
    public List<StepRow> steps(UUID runId) {
        return store.list("steps_of_runs", StepRow::read, array(List.of(runId)));
    }

    /** One step of a run that has it. */
    public StepRow step(UUID runId, int ordinal) {
        return store.first("step_find", StepRow::read, runId, ordinal).orElseThrow();
    }

    /** Steps of several runs, in order, for showing them; see {@link StepRow#shown}. */
    public List<StepRow> shownSteps(List<UUID> runIds) {
        return store.list("steps_of_runs", StepRow::shown, array(runIds));
    }

    /** A run, and the target at which it works. */
    public record At(UUID run, String target) {
        private static At read(ResultSet row) throws SQLException {
            return new At(row.getObject("run_id", UUID.class), row.getString("target"));
        }
    }

    /** Runs that copy databases now. */
    public List<At> backupsAtWork() {
        return store.list("run_backups_at_work", At::read);
    }

    /**
     * A run that has a constraint on a default partition, which refuses rows.
     *
     * @param goesOn whether the run itself will take it away; else that is tried again and again, as it ended without that
     */
    public record Guard(UUID run, String target, boolean goesOn) {
        private static Guard read(ResultSet row) throws SQLException {
            return new Guard(row.getObject("run_id", UUID.class), row.getString("target"), row.getBoolean("goes_on"));
        }
    }

    /** Runs that have left a constraint on a default partition, which refuses rows until they go on, or until it is taken away. */
    public List<Guard> guarding() {
        return store.list("run_guarding", Guard::read);
    }

    public Optional<RunSignals> signals(UUID runId) {
        return store.first("run_signals", RunSignals::read, runId);
    }

    /**
     * Decides on a run while nobody else can change it.
     *
     * @throws CaretakerException RUN_NOT_FOUND
     */
    public void steer(UUID runId, Consumer<LockedRun> decision) {
        store.transaction(() -> {
            RunRow run = store.first("run_lock", RunRow::read, runId).orElseThrow(() -> notFound(runId));
            decision.accept(new LockedRun(store, outbox, run));
            return run;
        });
    }

    /** There is no such run. */
    public static CaretakerException notFound(UUID runId) {
        return CaretakerException.of(
                Reason.RUN_NOT_FOUND, "There is no run " + runId + ".", Map.of("run_id", runId.toString()));
    }

    /** Runs that a run started and that have not ended and are not being cancelled. */
    public List<UUID> children(UUID runId) {
        return store.list("run_children", row -> row.getObject("run_id", UUID.class), runId);
    }

    /** The run that started one that has ended, if that one has not. */
    public Optional<UUID> openParent(UUID endedRunId) {
        return store.first("run_open_parent", row -> row.getObject("run_id", UUID.class), endedRunId);
    }

    /** Whether the run, or one that it started, is paused by a hold, or kept by one from beginning. */
    public boolean isFrozen(UUID runId) {
        return store.first("run_frozen", row -> row.getBoolean(1), runId, runId).orElseThrow();
    }

    /** Whether the run needs a server but has no task of this name. */
    public boolean isWithoutTask(UUID runId, String taskName, Instant now) {
        return store.first("run_without_task", row -> row.getObject("run_id", UUID.class), runId, now, taskName)
                .isPresent();
    }

    /** Runs that need a server but have no task of this name. */
    public List<UUID> withoutTask(String taskName, Instant now) {
        return store.list("runs_without_task", row -> row.getObject("run_id", UUID.class), now, taskName);
    }

    /**
     * After the clock went back: what waits for a time is due now and finds out itself for how long it has to wait yet, and no sign of
     * life is of a time to come.
     */
    public void wakeTasks(Instant now) {
        store.update("tasks_wake", now, now, now, now);
    }

    /** An array as Postgres reads it. */
    static String array(Iterable<?> values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(String::valueOf)
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Rows inserted. */
    static int insert(ControlStore store, UUID runId, long sequence, NewEvent event) {
        return store.update("event_insert", values(runId, sequence, event));
    }

    /** Of one event, for {@code event_insert}. */
    static Object[] values(UUID runId, long sequence, NewEvent event) {
        return new Object[] {runId, sequence, event.at(), event.progress(), event.body()};
    }
}
