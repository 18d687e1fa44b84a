package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.PlanStore.PlanRow;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs as callers see and steer them. What the engine writes while it works goes through {@link LeaseStore}. */
@Singleton
public class RunStore {
    private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);

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

    /** Newest first. One that cannot be read has its place in the list and hides no other. */
    public List<Listed> list(Filter filter, Optional<Key> after, int limit) {
        return store.list("run_list", RunStore::listed, filter.and(after.map(Key::created), after.map(Key::id), limit));
    }

    /** Over all runs that the filter chooses. */
    public Sums sums(Filter filter) {
        return store.first("run_sums", Sums::read, filter.and()).orElseThrow();
    }

    /** How a run went, by the progress that is kept of it; so many points at most. */
    public List<Course> course(UUID runId, int most) {
        return store.list("run_course", Course::read, runId, most, most);
    }

    private static Listed listed(ResultSet row) throws SQLException {
        Key place = new Key(ControlStore.instant(row, "created"), row.getObject("run_id", UUID.class));
        try {
            return new Listed(place, Optional.of(RunRow.read(row)));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.warn("run {} is left out of a list: it is spoilt, or a newer server's", place.id(), e);
            return new Listed(place, Optional.empty());
        }
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
            return new Guard(
                    row.getObject("run_id", UUID.class), row.getString("target"), row.getBoolean("goes_on"));
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
     * @return false if there is no such run
     */
    public boolean steer(UUID runId, Consumer<Steering> decision) {
        return store.transaction(() -> {
            Optional<RunRow> run = store.first("run_lock", RunRow::read, runId);
            run.ifPresent(row -> decision.accept(new Steering(store, outbox, row)));
            return run.isPresent();
        });
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

    private static String array(Iterable<?> values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(String::valueOf)
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Rows inserted. */
    static int insert(ControlStore store, UUID runId, long sequence, NewEvent event) {
        return store.update("event_insert", values(runId, sequence, event));
    }

    private static Object[] values(UUID runId, long sequence, NewEvent event) {
        return new Object[] {runId, sequence, event.at(), event.progress(), event.body()};
    }

    /**
     * Which runs to list.
     *
     * @param states empty means all
     * @param outcomes empty means all, also of runs that have none yet
     * @param topLevel whether runs are left out that another one started
     */
    public record Filter(
            Optional<String> target,
            Set<RunState> states,
            Optional<RunKind> kind,
            Optional<Instant> createdAfter,
            Optional<Instant> endedAfter,
            Set<Outcome> outcomes,
            boolean topLevel) {

        private Object[] and(Object... more) {
            List<Object> all = new ArrayList<>();
            all.add(target);
            all.add(kind);
            all.add(states.isEmpty() ? null : array(states));
            all.add(createdAfter);
            all.add(endedAfter);
            all.add(endedAfter);
            all.add(outcomes.isEmpty() ? null : array(outcomes));
            all.add(topLevel);
            all.addAll(Arrays.asList(more));
            return all.toArray();
        }
    }

    /** Sums over runs. */
    public record Sums(long runs, long ended, long failed, long rowsDeleted, boolean rowsExact, long bytesReturned) {
        private static Sums read(ResultSet row) throws SQLException {
            return new Sums(
                    row.getLong("runs"),
                    row.getLong("ended"),
                    row.getLong("failed"),
                    row.getLong("rows_deleted"),
                    row.getBoolean("rows_exact"),
                    row.getLong("bytes_returned"));
        }
    }

    /** How far a run was. */
    public record Course(Instant at, long rowsDone, long bytesDone, long bytesProcessed, Duration longestBatch) {
        private static Course read(ResultSet row) throws SQLException {
            return new Course(
                    ControlStore.instant(row, "at"),
                    row.getLong("rows_done"),
                    row.getLong("bytes_done"),
                    row.getLong("bytes_processed"),
                    Duration.of(row.getLong("micros"), ChronoUnit.MICROS));
        }
    }

    /** Place in the list. */
    public record Key(Instant created, UUID id) {}

    /** A run in the list; empty if it cannot be read. */
    public record Listed(Key place, Optional<RunRow> run) {}

    /** A run that is locked while a caller's request is decided. */
    public static final class Steering {
        private final ControlStore store;
        private final OutboxStore outbox;
        private final RunRow run;
        private long sequence;

        private Steering(ControlStore store, OutboxStore outbox, RunRow run) {
            this.store = store;
            this.outbox = outbox;
            this.run = run;
            this.sequence = run.lastSequence();
        }

        public RunRow run() {
            return run;
        }

        public List<StepRow> steps() {
            return store.list("steps_of_runs", StepRow::read, array(List.of(run.id())));
        }

        /** Writes desired and observed state, with the events that tell of it. */
        public void write(
                DesiredState desired,
                Optional<String> request,
                RunState state,
                String stateReason,
                Instant now,
                Tuning tuning,
                List<NewEvent> events) {
            Instant since = state == run.state() ? run.stateSince() : now;
            store.update(
                    "run_steer",
                    desired,
                    request,
                    state,
                    stateReason,
                    since,
                    Json.write(tuning),
                    append(events),
                    run.id());
        }

        /** Its time does not count from now on; nobody works on it. */
        public void standStill(Instant now) {
            store.update("run_stand_still", now, run.id());
        }

        /**
         * Ends open steps.
         *
         * @param messages by ordinal
         */
        public void endSteps(Outcome outcome, Map<Integer, String> messages, Instant now) {
            List<Object[]> ends = new ArrayList<>();
            messages.forEach((ordinal, message) -> ends.add(new Object[] {outcome, message, now, run.id(), ordinal}));
            store.batch("step_abandon", ends);
        }

        /**
         * Ends the run.
         *
         * @param error JSON
         */
        public void end(Outcome outcome, String reason, Optional<String> error, Instant now, List<NewEvent> events) {
            store.update("run_abandon", reason, now, outcome, error, now, append(events), run.id());
            outbox.runEnded(run.id());
        }

        private long append(List<NewEvent> events) {
            List<Object[]> rows = new ArrayList<>();
            events.forEach(event -> rows.add(values(run.id(), ++sequence, event)));
            store.batch("event_insert", rows);
            return sequence;
        }
    }
}
