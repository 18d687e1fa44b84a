package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.sessions;
import static dev.caretaker.server.run.engine.TestEngine.statements;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Steps made of statements. */
interface StatementsSuite extends OnEngine {

    @Test
    default void statements_run_one_after_the_other_with_their_warnings() {
        table(target(), "stated", 10);
        UUID runId = engine().start(statements(
                target(),
                "stated",
                RunStatements.Parameters.of(
                        TestEngine.oid(target(), "stated"),
                        "VACUUM stated",
                        "DO $$ BEGIN RAISE WARNING 'hm'; END $$")));

        RunView run = engine().awaitEnd(runId);
        assertThat(run.outcome()).contains(Outcome.COMPLETE);
        assertThat(run.steps().getFirst().message()).isEqualTo("2 statements, 1 warnings");
    }

    @Test
    default void a_cancel_breaks_a_statement_off_and_repairs_what_it_left() {
        table(target(), "broken", 10);
        target().execute("CREATE TABLE debris (id int)", "INSERT INTO debris VALUES (1)");
        UUID runId = engine().start(statements(
                target(),
                "broken",
                new RunStatements.Parameters(
                        TestEngine.oid(target(), "broken"),
                        List.of("SELECT pg_sleep(60)"),
                        StatementStep.LockWait.DEADLINE,
                        "DELETE FROM public.debris",
                        false)));
        untilAsleep(runId);
        engine().await(runId, run -> run.lastSequence() >= 4); // progress was told

        engine().runs().cancel(runId, ALICE, "");

        assertThat(engine().awaitEnd(runId).outcome()).contains(Outcome.CANCELLED);
        assertThat(target().number("SELECT count(*) FROM debris")).isZero();
        assertThat(engine().events(runId)).anyMatch(numbered -> numbered.event() instanceof RunEvent.Progress);
        assertThat(sessions(target(), runId)).isZero();
    }

    @Test
    default void a_pause_waits_for_the_statement() {
        table(target(), "patient", 10);
        UUID runId = engine().start(statements(
                target(),
                "patient",
                RunStatements.Parameters.of(
                        TestEngine.oid(target(), "patient"), "SELECT pg_sleep(1)", "SELECT pg_sleep(0.1)")));
        untilAsleep(runId);

        engine().runs().pause(runId, ALICE, "");
        engine().awaitState(runId, RunState.PAUSED);
        assertThat(sessions(target(), runId)).isZero();
        engine().runs().resume(runId, ALICE, "");

        assertThat(engine().awaitEnd(runId).steps().getFirst().message()).isEqualTo("2 statements, 0 warnings");
    }

    @Test
    default void what_must_be_finished_is_finished_even_when_cancelled_while_paused() {
        table(target(), "begun", 10);
        target().execute("CREATE TABLE done (id int)");
        UUID runId = engine().start(statements(
                target(),
                "begun",
                new RunStatements.Parameters(
                        TestEngine.oid(target(), "begun"),
                        List.of("SELECT pg_sleep(1)", "INSERT INTO done VALUES (1)"),
                        StatementStep.LockWait.TIMEOUT,
                        "",
                        true)));
        untilAsleep(runId);
        engine().runs().pause(runId, ALICE, "");
        engine().awaitState(runId, RunState.PAUSED);

        engine().runs().cancel(runId, ALICE, "");

        RunView run = engine().awaitEnd(runId);
        assertThat(target().number("SELECT count(*) FROM done")).isEqualTo(1);
        assertThat(run.steps().getFirst().outcome()).contains(Outcome.COMPLETE);
    }
}
