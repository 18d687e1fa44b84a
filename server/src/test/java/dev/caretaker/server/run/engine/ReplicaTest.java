package dev.caretaker.server.run.engine;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.Standby;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A primary with a standby that really streams from it. */
class ReplicaTest {
    private static final long LAG = 100_000;

    private static CrashableServer primary;
    private static Standby standby;

    @BeforeAll
    static void start() throws Exception {
        primary = new CrashableServer(EmbeddedServer.NEWEST);
        standby = Standby.of(primary);
    }

    @AfterAll
    static void stop() throws Exception {
        if (standby != null) {
            standby.close();
        }
        primary.close();
    }

    @Test
    void a_run_waits_for_a_standby_that_falls_behind_and_says_so() {
        Database target = TestPostgres.embeddedAt(primary.port()).postgres();
        TestEngine.table(target, "replicated", 20_000);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), target.url(), Map.of())) {
            standby.pauseReplay();
            Tuning tuning = new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 0, LAG, 0, 0);
            UUID runId = engine.start(
                    tuning,
                    Optional.empty(),
                    Optional.empty(),
                    RowLimits.NONE,
                    TestEngine.slowDelete(target, "replicated", 100, 20));

            RunView held = engine.awaitState(runId, RunState.THROTTLED);
            assertThat(held.stateReason()).contains("REPLICATION_LAG");
            standby.resumeReplay();

            TestEngine.assertComplete(engine.awaitEnd(runId), 18_000);
            assertThat(engine.events(runId))
                    .anySatisfy(numbered -> assertThat(numbered.event())
                            .isInstanceOfSatisfying(RunEvent.Throttled.class, throttled -> {
                                assertThat(throttled.signal()).isEqualTo(ThrottleSignal.REPLICATION_LAG);
                                assertThat(throttled.value()).isGreaterThan(LAG);
                                assertThat(throttled.threshold()).isEqualTo(LAG);
                            }));
        }
    }

    @Test
    void nothing_is_planned_on_a_standby() throws Exception {
        primary.execute("CREATE TABLE followed (id int PRIMARY KEY, at timestamptz)");
        try (CleanupBench bench = CleanupBench.start(standby.database())) {
            assertThatThrownBy(() -> bench.plan(policy("followed", "followed")))
                    .isInstanceOfSatisfying(
                            CaretakerException.class,
                            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.IS_STANDBY));
        }
    }
}
