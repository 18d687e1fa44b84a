package dev.caretaker.server.run;

import static dev.caretaker.server.run.TestEngine.ALICE;
import static dev.caretaker.server.run.TestEngine.TUNING;
import static dev.caretaker.server.run.TestEngine.assertComplete;
import static dev.caretaker.server.run.TestEngine.delete;
import static dev.caretaker.server.run.TestEngine.old;
import static dev.caretaker.server.run.TestEngine.sessions;
import static dev.caretaker.server.run.TestEngine.slowDelete;
import static dev.caretaker.server.run.TestEngine.statements;
import static dev.caretaker.server.run.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.TestEngine.Numbered;
import dev.caretaker.server.store.EventStore;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a run does, on one version of Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineSuite {
    private final TestPostgres postgres;
    private Database target;
    private Database control;
    private TestEngine engine;

    EngineSuite(TestPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeAll
    void start() {
        target = postgres.database();
        // Below the target's lock timeout, so that a deadlock is told as one.
        target.execute("ALTER DATABASE " + target.name() + " SET deadlock_timeout = '100ms'");
        control = TestPostgres.newest().database();
        engine = TestEngine.start(control, target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void a_run_deletes_what_is_old_and_counts_it() {
        table(target, "plain", 5_000);

        UUID runId = engine.start(delete(target, "plain"));

        RunView run = engine.awaitEnd(runId);
        assertComplete(run, 4_500);
        assertThat(old(target, "plain")).isZero();
        assertThat(target.number("SELECT count(*) FROM plain")).isEqualTo(500);
        assertThat(run.started()).isPresent();
        assertThat(run.server()).isEmpty();
        assertThat(sessions(target, runId)).isZero();
    }

    @Test
    void events_are_numbered_without_gaps_and_end_with_the_last() {
        table(target, "told", 20_000);

        UUID runId = engine.start(delete(target, "told"));

        List<Numbered> events = engine.events(runId);
        assertThat(events.stream().map(Numbered::sequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events.getFirst().event()).isInstanceOf(RunEvent.Accepted.class);
        assertThat(events.getLast().event()).isInstanceOfSatisfying(RunEvent.Finished.class, finished -> {
            assertThat(finished.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(finished.tables()).singleElement().satisfies(sum -> {
                assertThat(sum.policy()).isEqualTo("old-rows");
                assertThat(sum.totals().rowsDeleted()).isEqualTo(18_000);
            });
        });
        assertThat(events).anyMatch(numbered -> numbered.event() instanceof RunEvent.Progress);
        assertThat(engine.events(runId, 3)).isEqualTo(events.subList(2, events.size()));
    }

    @Test
    void a_paused_run_holds_nothing_and_goes_on_from_its_cursor() {
        table(target, "paused", 5_000);
        UUID runId = engine.start(slowDelete(target, "paused", 100, 20));
        engine.awaitRows(runId, 300);

        engine.runs().pause(runId, ALICE, "lunch");
        RunView paused = engine.awaitState(runId, RunState.PAUSED);

        assertThat(paused.stateReason()).contains("alice").contains("lunch");
        assertThat(sessions(target, runId)).isZero();
        assertThat(paused.totals().rowsDeleted()).isEqualTo(4_500 - old(target, "paused"));

        engine.runs().resume(runId, ALICE, "");
        RunView run = engine.awaitEnd(runId);
        assertComplete(run, 4_500);
        assertThat(run.epoch()).isEqualTo(2);
        assertThat(engine.events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.StepStarted.class,
                                started -> assertThat(started.resumed()).isTrue()));
    }

    @Test
    void a_cancel_in_the_middle_of_a_batch_rolls_it_back() {
        table(target, "cancelled", 1_000);
        UUID runId = engine.start(slowDelete(target, "cancelled", 100, 60_000));
        engine.awaitState(runId, RunState.RUNNING);
        org.awaitility.Awaitility.await()
                .until(() -> target.number(
                                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1%' AND state = 'active'"
                                        + " AND application_name = 'caretaker/" + runId + "'")
                        == 1);

        RunView asked = engine.runs().cancel(runId, ALICE, "wrong table");
        assertThat(asked.state()).isEqualTo(RunState.CANCELLING);

        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        assertThat(run.totals().rowsDeleted()).isZero();
        assertThat(old(target, "cancelled")).isEqualTo(900);
        assertThatThrownBy(() -> engine.runs().cancel(runId, ALICE, ""))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RUN_ENDED));
    }

    @Test
    void a_failing_step_does_not_stop_the_next() {
        table(target, "good", 100);
        table(target, "gone", 100);
        StepSpec lost = delete(target, "gone");
        target.execute("DROP TABLE gone");

        RunView run = engine.awaitEnd(engine.start(lost, delete(target, "good")));

        assertThat(run.outcome()).contains(Outcome.FAILED);
        assertThat(run.error().map(RunError::reason)).contains("RELATION_CHANGED");
        assertThat(run.steps().get(0).outcome()).contains(Outcome.FAILED);
        assertThat(run.steps().get(1).outcome()).contains(Outcome.COMPLETE);
        assertThat(old(target, "good")).isZero();
    }

    @Test
    void a_paused_run_is_cancelled_at_once() {
        table(target, "parked", 5_000);
        UUID runId = engine.start(slowDelete(target, "parked", 100, 20));
        engine.awaitRows(runId, 300);
        engine.runs().pause(runId, ALICE, "");
        engine.awaitState(runId, RunState.PAUSED);

        RunView run = engine.runs().cancel(runId, ALICE, "enough");

        assertThat(run.state()).isEqualTo(RunState.ENDED);
        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        assertThat(run.steps().getFirst().outcome()).contains(Outcome.CANCELLED);
        assertThat(run.totals().rowsDeleted()).isEqualTo(4_500 - old(target, "parked"));
        assertThat(engine.events(runId).getLast().event()).isInstanceOf(RunEvent.Finished.class);
    }

    @Test
    void an_unknown_run_is_not_found() {
        assertThatThrownBy(() -> engine.runs().get(UUID.randomUUID()))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RUN_NOT_FOUND));
    }

    @Test
    void a_deadline_stops_a_batch_within_two_seconds() {
        table(target, "late", 1_000);
        Instant deadline = Instant.now().plusSeconds(2);

        UUID runId = engine.start(
                TUNING,
                Optional.of(deadline),
                Optional.empty(),
                RowLimits.NONE,
                slowDelete(target, "late", 100, 60_000));

        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.ended().orElseThrow()).isBetween(deadline, deadline.plusSeconds(2));
        assertThat(old(target, "late")).isEqualTo(900);
    }

    @Test
    void a_run_waits_for_its_window_and_holds_nothing() {
        table(target, "windowed", 100);
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        RunWindow later = new RunWindow(now.plusHours(2), now.plusHours(3), ZoneOffset.UTC);

        UUID runId =
                engine.start(TUNING, Optional.empty(), Optional.of(later), RowLimits.NONE, delete(target, "windowed"));

        RunView run = engine.awaitState(runId, RunState.WAITING_WINDOW);
        assertThat(run.server()).isEmpty();
        assertThat(sessions(target, runId)).isZero();
        assertThat(old(target, "windowed")).isEqualTo(90);
        assertThat(engine.runs().cancel(runId, ALICE, "").state()).isEqualTo(RunState.ENDED);
    }

    @Test
    void a_run_whose_window_has_just_opened_goes_on() {
        table(target, "opened", 100);
        LocalTime soon = LocalTime.now(ZoneOffset.UTC).plusSeconds(2);
        RunWindow window = new RunWindow(soon, soon.plusHours(1), ZoneOffset.UTC);

        UUID runId =
                engine.start(TUNING, Optional.empty(), Optional.of(window), RowLimits.NONE, delete(target, "opened"));

        engine.awaitState(runId, RunState.WAITING_WINDOW);
        assertComplete(engine.awaitEnd(runId), 90);
    }

    @Test
    void never_more_rows_than_the_limit_are_deleted() {
        table(target, "limited", 5_000);

        UUID runId = engine.start(TUNING, Optional.empty(), Optional.empty(), limit(1_234), delete(target, "limited"));

        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.totals().rowsDeleted()).isEqualTo(1_234);
        assertThat(old(target, "limited")).isEqualTo(4_500 - 1_234);
    }

    @Test
    void a_policy_at_its_limit_ends_and_the_next_one_goes_on() {
        List.of("first_half", "second_half", "unlimited").forEach(name -> table(target, name, 1_000));
        RowLimits limits = new RowLimits(Map.of("tight", 1_000L, "wide", 10_000L));

        UUID runId = engine.start(
                TUNING,
                Optional.empty(),
                Optional.empty(),
                limits,
                of("tight", delete(target, "first_half")),
                of("tight", delete(target, "second_half")),
                of("tight", delete(target, "second_half")),
                of("wide", delete(target, "unlimited")));

        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.steps())
                .extracting(
                        step -> step.outcome().orElseThrow(),
                        step -> step.totals().rowsDeleted())
                .containsExactly(
                        tuple(Outcome.COMPLETE, 900L),
                        tuple(Outcome.DEADLINE, 100L),
                        tuple(Outcome.DEADLINE, 0L),
                        tuple(Outcome.COMPLETE, 900L));
        assertThat(run.steps().get(2).message()).isEqualTo("The row limit of policy tight was reached.");
        assertThat(old(target, "second_half")).isEqualTo(800);
        assertThat(old(target, "unlimited")).isZero();
    }

    private static StepSpec of(String policy, StepSpec step) {
        return new StepSpec(step.kind(), step.relation(), policy, step.rowsExpected(), step.parameters());
    }

    private static RowLimits limit(long rows) {
        return new RowLimits(Map.of("old-rows", rows));
    }

    @Test
    void a_cap_holds_the_run_back_until_it_is_tuned_away() {
        table(target, "capped", 5_000);
        Tuning capped = new Tuning(Duration.ofMillis(20), 50, 0, 0, 0, 0);
        UUID runId = engine.start(
                capped, Optional.empty(), Optional.empty(), RowLimits.NONE, slowDelete(target, "capped", 200, 0));
        engine.awaitState(runId, RunState.THROTTLED);

        engine.runs().tune(runId, ALICE, tuning -> new Tuning(tuning.batchTarget(), 0, 0, 0, 0, 0));

        RunView run = engine.awaitEnd(runId);
        assertComplete(run, 4_500);
        assertThat(Duration.between(run.created(), run.ended().orElseThrow())).isLessThan(Duration.ofSeconds(15));
        assertThat(engine.events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(RunEvent.Throttled.class, throttled -> {
                            assertThat(throttled.signal()).isEqualTo(ThrottleSignal.ROWS_PER_SECOND);
                            assertThat(throttled.threshold()).isEqualTo(50);
                            assertThat(throttled.pause()).isPositive();
                        }));
    }

    @Test
    void a_run_gives_way_to_sessions_that_wait_for_its_locks() throws Exception {
        table(target, "wanted", 300);
        Tuning polite = new Tuning(Duration.ofMillis(20), 0, 0, 0, 0, 1);
        UUID runId = engine.start(
                polite, Optional.empty(), Optional.empty(), RowLimits.NONE, slowDelete(target, "wanted", 90, 2_500));
        try (Connection other = target.connect()) {
            untilAsleep(runId);
            Sql.of("UPDATE wanted SET payload = 'mine' WHERE id = 1").update(other);
        }

        assertThat(engine.awaitEnd(runId).outcome()).contains(Outcome.COMPLETE);
        assertThat(engine.events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.Throttled.class,
                                throttled -> assertThat(throttled.signal()).isEqualTo(ThrottleSignal.LOCK_WAITERS)));
    }

    @Test
    void a_lock_that_others_hold_is_tried_again() throws Exception {
        table(target, "locked", 1_000);
        UUID runId;
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            Sql.of("SELECT FROM locked WHERE id = 501 FOR UPDATE").list(other, row -> 1);
            runId = engine.start(delete(target, "locked"));
            engine.await(
                    runId, run -> run.totals().retries() > 0 || run.totals().rowsDeleted() > 400);
            untilWarned(runId, "BATCH_RETRIED");
            other.rollback();
        }

        RunView run = engine.awaitEnd(runId);
        assertComplete(run, 900);
        assertThat(run.totals().retries()).isPositive();
    }

    @Test
    void a_lock_that_is_never_let_go_fails_the_step_with_its_reason() throws Exception {
        table(target, "stuck", 100);
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            Sql.of("LOCK TABLE stuck IN SHARE MODE").update(other);

            RunView run = engine.awaitEnd(engine.start(delete(target, "stuck")));

            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error().map(RunError::reason)).contains("LOCK_NOT_AVAILABLE");
            assertThat(run.error().map(RunError::sqlState)).contains("55P03");
            assertThat(run.totals().rowsDeleted()).isZero();
        }
    }

    @Test
    void a_deadlock_is_tried_again() throws Exception {
        table(target, "knotted", 200);
        // Half of the batch waits until somebody wants the other half, so that the batch is the one to tie the knot.
        target.execute(
                "CREATE TABLE untied (yes boolean)",
                "CREATE FUNCTION until_wanted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " WHILE NOT EXISTS (SELECT FROM untied) AND NOT EXISTS (SELECT FROM pg_locks"
                        + " WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
                        + " LOOP PERFORM pg_sleep(0.05); END LOOP; RETURN OLD; END $$",
                "CREATE TRIGGER until_wanted BEFORE DELETE ON knotted FOR EACH ROW WHEN (OLD.id = 101)"
                        + " EXECUTE FUNCTION until_wanted()");
        UUID runId;
        try (Connection other = target.connect()) {
            Sql.of("SET deadlock_timeout = '1h'").update(other);
            other.setAutoCommit(false);
            Sql.of("UPDATE knotted SET payload = 'b' WHERE id = 151").update(other);
            runId = engine.start(slowDelete(target, "knotted", 200, 0));
            untilAsleep(runId);
            Sql.of("UPDATE knotted SET payload = 'a' WHERE id = 1").update(other);
            other.rollback();
            target.execute("INSERT INTO untied VALUES (true)");
        }

        RunView run = engine.awaitEnd(runId);
        assertComplete(run, 180);
        assertThat(engine.events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.Warning.class,
                                warning -> assertThat(warning.metadata()).containsEntry("sqlstate", "40P01")));
    }

    @Test
    void a_statement_that_an_administrator_cancels_is_tried_again() {
        table(target, "annoyed", 1_000);
        UUID runId = engine.start(slowDelete(target, "annoyed", 300, 700));
        untilAsleep(runId);

        target.value("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'caretaker/" + runId
                + "'");

        assertComplete(engine.awaitEnd(runId), 900);
        assertThat(engine.warnings(runId)).contains("BATCH_RETRIED");
    }

    @Test
    void a_worker_whose_backend_is_terminated_goes_on_with_another() {
        table(target, "killed", 1_000);
        UUID runId = engine.start(slowDelete(target, "killed", 300, 700));
        engine.awaitRows(runId, 300);
        untilAsleep(runId);

        target.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'caretaker/"
                + runId + "'");

        assertComplete(engine.awaitEnd(runId), 900);
        assertThat(engine.warnings(runId)).contains("CONNECTION_LOST");
    }

    @Test
    void a_connection_lost_right_before_the_commit_counts_nothing_twice() {
        table(target, "cut", 2_000);
        AtomicInteger commits = new AtomicInteger();
        engine.gate().act(id -> {
            if (commits.incrementAndGet() == 3) {
                target.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'caretaker/" + id + "'");
            }
        });
        try {
            UUID runId = engine.start(delete(target, "cut"));
            assertComplete(engine.awaitEnd(runId), 1_800);
            assertThat(old(target, "cut")).isZero();
        } finally {
            engine.gate().act(id -> {});
        }
    }

    @Test
    void a_relation_that_somebody_else_works_on_is_waited_for() throws Exception {
        table(target, "fenced", 100);
        long oid = TestEngine.oid(target, "fenced");
        UUID runId;
        try (Connection other = target.connect()) {
            Sql.of("SELECT pg_advisory_lock(?, ?)", Session.FENCE_CLASS, (int) oid)
                    .list(other, row -> 1);
            runId = engine.start(delete(target, "fenced"));

            RunView waiting = engine.awaitState(runId, RunState.WAITING_LOCK);
            assertThat(waiting.stateReason()).contains("being worked on");
            await().until(() -> sessions(target, runId) == 0);
            assertThat(old(target, "fenced")).isEqualTo(90);
        }
        assertComplete(engine.awaitEnd(runId), 90);
    }

    @Test
    void statements_run_one_after_the_other_with_their_warnings() {
        table(target, "stated", 10);
        UUID runId = engine.start(statements(
                target,
                "stated",
                RunStatements.Parameters.of(
                        TestEngine.oid(target, "stated"), "VACUUM stated", "DO $$ BEGIN RAISE WARNING 'hm'; END $$")));

        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.COMPLETE);
        assertThat(run.steps().getFirst().message()).isEqualTo("2 statements, 1 warnings");
    }

    @Test
    void a_cancel_breaks_a_statement_off_and_repairs_what_it_left() {
        table(target, "broken", 10);
        target.execute("CREATE TABLE debris (id int)", "INSERT INTO debris VALUES (1)");
        UUID runId = engine.start(statements(
                target,
                "broken",
                new RunStatements.Parameters(
                        TestEngine.oid(target, "broken"),
                        List.of("SELECT pg_sleep(60)"),
                        StatementStep.LockWait.DEADLINE,
                        "DELETE FROM debris",
                        false)));
        untilAsleep(runId);
        engine.await(runId, run -> run.lastSequence() >= 4); // progress was told

        engine.runs().cancel(runId, ALICE, "");

        assertThat(engine.awaitEnd(runId).outcome()).contains(Outcome.CANCELLED);
        assertThat(target.number("SELECT count(*) FROM debris")).isZero();
        assertThat(engine.events(runId)).anyMatch(numbered -> numbered.event() instanceof RunEvent.Progress);
        assertThat(sessions(target, runId)).isZero();
    }

    @Test
    void a_pause_waits_for_the_statement() {
        table(target, "patient", 10);
        UUID runId = engine.start(statements(
                target,
                "patient",
                RunStatements.Parameters.of(
                        TestEngine.oid(target, "patient"), "SELECT pg_sleep(1)", "SELECT pg_sleep(0.1)")));
        untilAsleep(runId);

        engine.runs().pause(runId, ALICE, "");
        engine.awaitState(runId, RunState.PAUSED);
        assertThat(sessions(target, runId)).isZero();
        engine.runs().resume(runId, ALICE, "");

        assertThat(engine.awaitEnd(runId).steps().getFirst().message()).isEqualTo("2 statements, 0 warnings");
    }

    @Test
    void what_must_be_finished_is_finished_even_when_cancelled_while_paused() {
        table(target, "begun", 10);
        target.execute("CREATE TABLE done (id int)");
        UUID runId = engine.start(statements(
                target,
                "begun",
                new RunStatements.Parameters(
                        TestEngine.oid(target, "begun"),
                        List.of("SELECT pg_sleep(1)", "INSERT INTO done VALUES (1)"),
                        StatementStep.LockWait.TIMEOUT,
                        "",
                        true)));
        untilAsleep(runId);
        engine.runs().pause(runId, ALICE, "");
        engine.awaitState(runId, RunState.PAUSED);

        engine.runs().cancel(runId, ALICE, "");

        RunView run = engine.awaitEnd(runId);
        assertThat(target.number("SELECT count(*) FROM done")).isEqualTo(1);
        assertThat(run.steps().getFirst().outcome()).contains(Outcome.COMPLETE);
    }

    @Test
    void a_watcher_that_leaves_stops_nothing() {
        table(target, "watched", 1_000);
        UUID runId = engine.start(slowDelete(target, "watched", 300, 200));

        engine.runs().watch(runId, 0, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                return false;
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                return false;
            }
        });

        assertComplete(engine.awaitEnd(runId), 900);
    }

    @Test
    void a_watcher_of_a_quiet_run_gets_heartbeats() {
        table(target, "quiet", 100);
        UUID runId = engine.start(slowDelete(target, "quiet", 50, 60_000));
        engine.awaitState(runId, RunState.RUNNING);
        List<RunState> heartbeats = new ArrayList<>();

        engine.runs().watch(runId, 0, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                return true;
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                heartbeats.add(state);
                return heartbeats.size() < 2;
            }
        });

        assertThat(heartbeats).containsExactly(RunState.RUNNING, RunState.RUNNING);
        engine.runs().cancel(runId, ALICE, "");
        engine.awaitEnd(runId);
    }

    @Test
    void events_that_are_no_longer_kept_are_refused() {
        table(target, "pruned", 20_000);
        UUID runId = engine.start(delete(target, "pruned"));
        List<Numbered> events = engine.events(runId);
        long progress = events.stream()
                .filter(numbered -> numbered.event() instanceof RunEvent.Progress)
                .findFirst()
                .orElseThrow()
                .sequence();

        engine.bean(EventStore.class).pruneProgress(Instant.now().plusSeconds(60));

        assertThatThrownBy(() -> engine.events(runId, progress))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EVENTS_EXPIRED));
        assertThat(engine.events(runId).getLast()).isEqualTo(events.getLast());
    }

    @Test
    void two_runs_on_one_table_work_one_after_the_other() {
        table(target, "shared", 2_000);
        UUID first = engine.start(slowDelete(target, "shared", 300, 300));
        engine.awaitRows(first, 300);

        UUID second = engine.start(delete(target, "shared"));

        assertThat(engine.awaitState(second, RunState.WAITING_LOCK).stateReason())
                .contains(first.toString());
        assertComplete(engine.awaitEnd(first), 1_800);
        assertComplete(engine.awaitEnd(second), 0);
    }

    @Test
    void a_run_whose_task_was_lost_is_brought_to_a_server_again() {
        table(target, "forgotten", 100);
        UUID runId = engine.start(slowDelete(target, "forgotten", 10, 100));
        engine.runs().pause(runId, ALICE, "");
        engine.awaitState(runId, RunState.PAUSED);
        String task = "caretaker.scheduled_task WHERE task_instance = '" + runId + "'";
        await().until(() -> control.number("SELECT count(*) FROM " + task) == 0);

        // As if a server had died between accepting and scheduling.
        control.execute("UPDATE caretaker.run SET desired = 'RUNNING' WHERE run_id = '" + runId + "'");

        assertComplete(engine.awaitEnd(runId), 90);
        await().until(() -> control.number("SELECT count(*) FROM " + task) == 0);
    }

    @Test
    void runs_that_ended_long_ago_go_with_their_children_first() {
        table(target, "old_news", 10);
        UUID parent = engine.start(delete(target, "old_news"));
        RunRequest request = new RunRequest(
                RunKind.CLEANUP,
                "shop",
                ALICE,
                Optional.empty(),
                Optional.of(parent),
                List.of(delete(target, "old_news")),
                TUNING,
                Optional.empty(),
                Optional.empty(),
                RowLimits.NONE);
        UUID child = engine.runs().start(request).id();
        engine.awaitEnd(parent);
        assertThat(engine.awaitEnd(child).parentRunId()).contains(parent);
        control.execute("UPDATE caretaker.run SET ended = now() - interval '100 days' WHERE run_id IN ('" + parent
                + "', '" + child + "')");
        RunStore runs = engine.bean(RunStore.class);
        Instant limit = Instant.now().minus(Duration.ofDays(90));

        assertThat(runs.prune(limit)).isEqualTo(1);
        assertThat(runs.find(parent)).isPresent();
        assertThat(runs.find(child)).isEmpty();
        assertThat(runs.prune(limit)).isEqualTo(1);
        assertThat(runs.find(parent)).isEmpty();
    }

    @Test
    void runs_are_listed_newest_first_page_by_page() {
        table(target, "listed", 10);
        List<UUID> started = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            started.addFirst(engine.start(delete(target, "listed")));
        }
        started.forEach(engine::awaitEnd);
        List<UUID> listed = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Runs.RunPage page = engine.runs()
                    .list(new Runs.RunFilter(
                            Optional.of("shop"), Set.of(RunState.ENDED), Optional.empty(), Optional.empty(), 2, token));
            assertThat(page.runs()).hasSizeLessThanOrEqualTo(2);
            page.runs().forEach(run -> listed.add(run.id()));
            token = page.nextPageToken();
        } while (token.isPresent());

        assertThat(listed).doesNotHaveDuplicates().containsSubsequence(started);
        Optional<String> forged = Optional.of("forged");
        assertThatThrownBy(() -> engine.runs()
                        .list(new Runs.RunFilter(
                                Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), 2, forged)))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD));
    }

    /** Waits until the run's session sleeps in a statement. */
    private void untilAsleep(UUID runId) {
        await().atMost(TestEngine.PATIENCE)
                .until(() -> target.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                + " AND application_name = 'caretaker/" + runId + "'")
                        == 1);
    }

    private void untilWarned(UUID runId, String code) {
        engine.runs().watch(runId, 0, new Runs.Watcher() {
            @Override
            public boolean event(long sequence, Instant at, RunEvent event) {
                return !(event instanceof RunEvent.Warning warning
                        && warning.code().equals(code));
            }

            @Override
            public boolean heartbeat(long lastSequence, Instant at, RunState state) {
                return true;
            }
        });
    }
}
