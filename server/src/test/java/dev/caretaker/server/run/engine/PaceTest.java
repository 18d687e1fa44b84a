package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.ALICE;
import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What holds a run back, through the engine. */
class PaceTest {
    private final Database target = TestPostgres.newest().database();

    private TestEngine start() {
        return TestEngine.start(TestPostgres.controlStore(), target);
    }

    private static UUID start(TestEngine engine, Tuning tuning, StepSpec step) {
        return engine.start(tuning, Optional.empty(), Optional.empty(), RowLimits.NONE, step);
    }

    private static List<RunEvent.Throttled> throttled(TestEngine engine, UUID runId) {
        return engine.events(runId).stream()
                .flatMap(numbered -> numbered.event() instanceof RunEvent.Throttled event
                        ? java.util.stream.Stream.of(event)
                        : java.util.stream.Stream.empty())
                .toList();
    }

    @Test
    void a_wal_budget_holds_the_run_back_until_it_is_tuned_away() {
        table(target, "logged", 5_000);
        int budget = 2_000;
        try (TestEngine engine = start()) {
            UUID runId = start(
                    engine,
                    new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 0, 0, budget, 0),
                    slowDelete(target, "logged", 200, 0));
            assertThat(engine.awaitState(runId, RunState.THROTTLED).stateReason())
                    .contains("WAL_BUDGET");

            engine.runs().tune(runId, ALICE, "", tuning -> new Tuning(Pace.FAST, tuning.batchTarget(), 0, 0, 0, 0, 0));

            RunView run = engine.awaitEnd(runId);
            assertComplete(run, 4_500);
            assertThat(run.totals().walBytes()).isGreaterThan(budget);
            assertThat(throttled(engine, runId)).first().satisfies(event -> {
                assertThat(event.signal()).isEqualTo(ThrottleSignal.WAL_BUDGET);
                assertThat(event.threshold()).isEqualTo(budget);
                assertThat(event.value()).isGreaterThan(budget);
                assertThat(event.pause()).isPositive();
            });
        }
    }

    @Test
    void after_each_batch_the_run_pauses_for_a_multiple_of_its_time() {
        table(target, "paced", 2_000);
        try (TestEngine engine = start()) {
            UUID runId = start(
                    engine,
                    new Tuning(Pace.FAST, Duration.ofMillis(20), 0, 2, 0, 0, 0),
                    slowDelete(target, "paced", 100, 30));

            RunView run = engine.awaitEnd(runId);
            assertComplete(run, 1_800);
            // 18 batches of at least 30 ms, and 17 pauses of twice as long.
            Duration lasted =
                    Duration.between(run.started().orElseThrow(), run.ended().orElseThrow());
            assertThat(lasted).isGreaterThan(Duration.ofMillis(18 * 30 + 17 * 60));
            assertThat(throttled(engine, runId)).isNotEmpty().allSatisfy(event -> {
                assertThat(event.signal()).isEqualTo(ThrottleSignal.PAUSE_RATIO);
                assertThat(event.threshold()).isEqualTo(2);
            });
        }
    }
}
