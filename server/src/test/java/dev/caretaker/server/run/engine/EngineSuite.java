package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.old;
import static dev.caretaker.server.run.engine.TestEngine.sessions;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a run does, on one version of Postgres and with one engine for all; by subject. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EngineSuite implements SteeringSuite, InterferenceSuite, OverlapSuite, StatementsSuite, RecordsSuite {
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
        control = TestPostgres.controlStore();
        engine = TestEngine.start(control, target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Override
    public TestEngine engine() {
        return engine;
    }

    @Override
    public Database target() {
        return target;
    }

    @Override
    public Database control() {
        return control;
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
}
