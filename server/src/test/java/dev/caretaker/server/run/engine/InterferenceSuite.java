package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.old;
import static dev.caretaker.server.run.engine.TestEngine.sessions;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What others do to a run, and a run to others. */
interface InterferenceSuite extends OnEngine {

    @Test
    default void a_run_gives_way_to_sessions_that_wait_for_its_locks() throws Exception {
        table(target(), "wanted", 300);
        Tuning polite = new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 0, 0, 0, 1);
        UUID runId = engine().start(
                        polite,
                        Optional.empty(),
                        Optional.empty(),
                        RowLimits.NONE,
                        slowDelete(target(), "wanted", 90, 2_500));
        try (Connection other = target().connect()) {
            untilAsleep(runId);
            Sql.of("UPDATE wanted SET payload = 'mine' WHERE id = 1").update(other);
        }

        assertThat(engine().awaitEnd(runId).outcome()).contains(Outcome.COMPLETE);
        assertThat(engine().events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.Throttled.class,
                                throttled -> assertThat(throttled.signal()).isEqualTo(ThrottleSignal.LOCK_WAITERS)));
    }

    @Test
    default void a_lock_that_others_hold_is_tried_again() throws Exception {
        table(target(), "locked", 1_000);
        UUID runId;
        try (Connection other = target().connect()) {
            other.setAutoCommit(false);
            Sql.of("SELECT FROM locked WHERE id = 501 FOR UPDATE").list(other, row -> 1);
            runId = engine().start(delete(target(), "locked"));
            untilWarned(runId, "BATCH_RETRIED");
            other.rollback();
        }

        RunView run = engine().awaitEnd(runId);
        assertComplete(run, 900);
        assertThat(run.totals().retries()).isPositive();
    }

    @Test
    default void a_lock_that_is_never_let_go_fails_the_step_with_its_reason() throws Exception {
        table(target(), "stuck", 100);
        try (Connection other = target().connect()) {
            other.setAutoCommit(false);
            Sql.of("LOCK TABLE stuck IN SHARE MODE").update(other);

            RunView run = engine().awaitEnd(engine().start(delete(target(), "stuck")));

            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error().map(RunError::reason)).contains("LOCK_NOT_AVAILABLE");
            assertThat(run.error().map(RunError::sqlState)).contains("55P03");
            assertThat(run.totals().rowsDeleted()).isZero();
        }
    }

    @Test
    default void a_deadlock_is_tried_again() throws Exception {
        table(target(), "knotted", 200);
        // Half of the batch waits until somebody wants the other half, so that the batch is the one to tie the knot.
        target().execute(
                        "CREATE TABLE untied (yes boolean)",
                        "CREATE FUNCTION until_wanted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                                + " WHILE NOT EXISTS (SELECT FROM untied) AND NOT EXISTS (SELECT FROM pg_locks"
                                + " WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
                                + " LOOP PERFORM pg_sleep(0.05); END LOOP; RETURN OLD; END $$",
                        "CREATE TRIGGER until_wanted BEFORE DELETE ON knotted FOR EACH ROW WHEN (OLD.id = 101)"
                                + " EXECUTE FUNCTION until_wanted()");
        UUID runId;
        try (Connection other = target().connect()) {
            Sql.of("SET deadlock_timeout = '1h'").update(other);
            other.setAutoCommit(false);
            Sql.of("UPDATE knotted SET payload = 'b' WHERE id = 151").update(other);
            runId = engine().start(slowDelete(target(), "knotted", 200, 0));
            untilAsleep(runId);
            Sql.of("UPDATE knotted SET payload = 'a' WHERE id = 1").update(other);
            other.rollback();
            target().execute("INSERT INTO untied VALUES (true)");
        }

        RunView run = engine().awaitEnd(runId);
        assertComplete(run, 180);
        assertThat(engine().events(runId))
                .anySatisfy(numbered -> assertThat(numbered.event())
                        .isInstanceOfSatisfying(
                                RunEvent.Warning.class,
                                warning -> assertThat(warning.metadata()).containsEntry("sqlstate", "40P01")));
    }

    @Test
    default void a_statement_that_an_administrator_cancels_is_tried_again() {
        table(target(), "annoyed", 1_000);
        UUID runId = engine().start(slowDelete(target(), "annoyed", 300, 700));
        untilAsleep(runId);

        target().value("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'caretaker/"
                + runId + "'");

        assertComplete(engine().awaitEnd(runId), 900);
        assertThat(engine().warnings(runId)).contains("BATCH_RETRIED");
    }

    @Test
    default void a_worker_whose_backend_is_terminated_goes_on_with_another() {
        table(target(), "killed", 1_000);
        UUID runId = engine().start(slowDelete(target(), "killed", 300, 700));
        engine().awaitRows(runId, 300);
        untilAsleep(runId);

        target().value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'caretaker/"
                + runId + "'");

        assertComplete(engine().awaitEnd(runId), 900);
        assertThat(engine().warnings(runId)).contains("CONNECTION_LOST");
    }

    @Test
    default void a_connection_lost_right_before_the_commit_counts_nothing_twice() {
        table(target(), "cut", 2_000);
        AtomicInteger commits = new AtomicInteger();
        engine().gate().act(id -> {
            if (commits.incrementAndGet() == 3) {
                target().value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                        + " 'caretaker/" + id + "'");
            }
        });
        try {
            UUID runId = engine().start(delete(target(), "cut"));
            assertComplete(engine().awaitEnd(runId), 1_800);
            assertThat(old(target(), "cut")).isZero();
        } finally {
            engine().gate().act(id -> {});
        }
    }

    @Test
    default void a_relation_that_somebody_else_works_on_is_waited_for() throws Exception {
        table(target(), "fenced", 100);
        long oid = TestEngine.oid(target(), "fenced");
        UUID runId;
        try (Connection other = target().connect()) {
            Sql.of("SELECT pg_advisory_lock(?, ?)", Session.FENCE_CLASS, (int) oid)
                    .list(other, row -> 1);
            runId = engine().start(delete(target(), "fenced"));

            RunView waiting = engine().awaitState(runId, RunState.WAITING_LOCK);
            assertThat(waiting.stateReason()).contains("being worked on");
            await().until(() -> sessions(target(), runId) == 0);
            assertThat(old(target(), "fenced")).isEqualTo(90);
        }
        assertComplete(engine().awaitEnd(runId), 90);
    }

    @Test
    default void two_runs_on_one_table_work_one_after_the_other() {
        table(target(), "shared", 2_000);
        UUID first = engine().start(slowDelete(target(), "shared", 300, 300));
        engine().awaitRows(first, 300);

        UUID second = engine().start(delete(target(), "shared"));

        assertThat(engine().awaitState(second, RunState.WAITING_LOCK).stateReason())
                .contains(first.toString());
        assertComplete(engine().awaitEnd(first), 1_800);
        assertComplete(engine().awaitEnd(second), 0);
    }
}
