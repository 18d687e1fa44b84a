package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many runs and watchers share few connections to the control store. */
class CrowdTest {
    private static final int RUNS = 4;
    private static final int WATCHERS = 50;

    @Test
    void fifty_watchers_and_four_runs_get_on_with_a_handful_of_connections() throws Exception {
        Database target = TestPostgres.newest().database();
        Database control = TestPostgres.controlStore();
        try (TestEngine engine = TestEngine.startConfigured(
                        control, target, Map.of("caretaker.control-store.connections", "3"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<UUID> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                TestEngine.table(target, "busy_" + i, 10_000);
                runs.add(engine.start(TestEngine.slowDelete(target, "busy_" + i, 200, 10)));
            }
            List<Future<List<TestEngine.Numbered>>> watched = new ArrayList<>();
            for (int i = 0; i < WATCHERS; i++) {
                UUID runId = runs.get(i % RUNS);
                watched.add(threads.submit(() -> engine.events(runId)));
            }

            for (UUID runId : runs) {
                engine.awaitRows(runId, 2_000);
            }
            assertThat(control.number("SELECT count(*) FROM pg_stat_activity WHERE datname = '" + control.name()
                            + "' AND application_name = 'caretaker-store'"))
                    .isBetween(2L, 3L);
            for (UUID runId : runs) {
                RunView run = engine.awaitEnd(runId);
                TestEngine.assertComplete(run, 9_000);
                assertThat(run.epoch()).isEqualTo(1);
                assertThat(run.totals().retries()).isZero();
            }
            for (Future<List<TestEngine.Numbered>> watcher : watched) {
                List<TestEngine.Numbered> events = watcher.get(30, TimeUnit.SECONDS);
                assertThat(events.getLast().event()).isInstanceOf(RunEvent.Finished.class);
                assertThat(events.getLast().sequence()).isEqualTo(events.size());
            }
        }
    }
}
