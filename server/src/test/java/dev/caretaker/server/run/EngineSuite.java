package dev.caretaker.server.run;

import static dev.caretaker.server.run.TestEngine.ALICE;
import static dev.caretaker.server.run.TestEngine.assertComplete;
import static dev.caretaker.server.run.TestEngine.delete;
import static dev.caretaker.server.run.TestEngine.old;
import static dev.caretaker.server.run.TestEngine.sessions;
import static dev.caretaker.server.run.TestEngine.slowDelete;
import static dev.caretaker.server.run.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.TestEngine.Numbered;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import java.util.UUID;
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
    private TestEngine engine;

    EngineSuite(TestPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeAll
    void start() {
        target = postgres.database();
        engine = TestEngine.start(TestPostgres.newest().database(), target);
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

    Database target() {
        return target;
    }

    TestEngine engine() {
        return engine;
    }
}
