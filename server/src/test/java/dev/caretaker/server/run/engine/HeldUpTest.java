package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.TUNING;
import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runs that cannot go on still end when they are to. */
class HeldUpTest {

    @Test
    void a_run_whose_target_is_away_can_be_cancelled_and_ends_at_its_deadline() throws Exception {
        try (CrashableServer server = new CrashableServer(EmbeddedServer.NEWEST);
                TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), server.url(), Map.of())) {
            Database target = TestPostgres.embeddedAt(server.port()).postgres();
            table(target, "cancelled", 5_000);
            table(target, "late", 5_000);
            Instant deadline = Instant.now().plusSeconds(8);
            UUID cancelled = engine.start(slowDelete(target, "cancelled", 100, 50));
            UUID late = engine.start(
                    TUNING,
                    Optional.of(deadline),
                    Optional.empty(),
                    RowLimits.NONE,
                    slowDelete(target, "late", 100, 200));
            engine.awaitRows(cancelled, 200);
            engine.awaitRows(late, 200);
            server.stop();
            engine.awaitState(cancelled, RunState.WAITING_LOCK);
            engine.awaitState(late, RunState.WAITING_LOCK);

            engine.runs().cancel(cancelled, ALICE, "enough");

            RunView ended = engine.awaitEnd(cancelled);
            assertThat(ended.outcome()).contains(Outcome.CANCELLED);
            assertThat(ended.steps().getFirst().outcome()).contains(Outcome.CANCELLED);
            RunView timedOut = engine.awaitEnd(late);
            assertThat(timedOut.outcome()).contains(Outcome.DEADLINE);
            assertThat(timedOut.ended().orElseThrow()).isBetween(deadline, deadline.plusSeconds(5));
            server.start();
            assertCounted(engine, ended, target, "cancelled");
            assertCounted(engine, timedOut, target, "late");
        }
    }

    /** Nobody could ask the target about a batch that was on its way, so the count is exact or says that it is not. */
    private static void assertCounted(TestEngine engine, RunView run, Database target, String name) {
        long gone = 5_000 - target.number("SELECT count(*) FROM " + name);
        assertThat(run.totals().rowsDeleted()).isPositive();
        if (run.totals().rowsExact()) {
            assertThat(run.totals().rowsDeleted()).isEqualTo(gone);
        } else {
            assertThat(engine.warnings(run.id())).contains("COUNT_IN_DOUBT");
            assertThat(gone - run.totals().rowsDeleted()).isBetween(0L, 100L);
        }
    }

    @Test
    void who_holds_a_lock_is_told_to_whom_waits_for_it() throws Exception {
        Database target = TestPostgres.newest().database();
        table(target, "held", 1_000);
        Map<String, Object> patient = Map.of("test.target.lock-timeout", "2s");
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), target.url(), patient);
                Connection other = target.connect()) {
            other.setAutoCommit(false);
            long pid = Sql.of("SELECT pg_backend_pid() FROM held WHERE id = 501 FOR UPDATE")
                    .one(other, row -> row.getLong(1));
            UUID runId = engine.start(delete(target, "held"));
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.soFar(engine.runs().get(runId), RunEvent.Warning.class).stream()
                            .anyMatch(warning -> warning.message().contains("Held by pid " + pid)));
            other.rollback();
            assertComplete(engine.awaitEnd(runId), 900);
        }
    }

    @Test
    void a_run_that_is_paused_beyond_its_deadline_ends() {
        Database target = TestPostgres.newest().database();
        table(target, "rested", 5_000);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            Instant deadline = Instant.now().plusSeconds(3);
            UUID runId = engine.start(
                    TUNING,
                    Optional.of(deadline),
                    Optional.empty(),
                    RowLimits.NONE,
                    slowDelete(target, "rested", 100, 20));
            engine.awaitRows(runId, 200);
            engine.runs().pause(runId, ALICE, "lunch");
            engine.awaitState(runId, RunState.PAUSED);

            RunView run = engine.awaitEnd(runId);

            assertThat(run.outcome()).contains(Outcome.DEADLINE);
            assertThat(run.ended().orElseThrow()).isBetween(deadline, deadline.plus(Duration.ofSeconds(5)));
            assertThat(run.totals().rowsDeleted())
                    .isEqualTo(5_000 - target.number("SELECT count(*) FROM rested"))
                    .isLessThan(4_500);
        }
    }
}
