package dev.caretaker.server.run.engine;

import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Instant;
import java.util.UUID;

/** Tests that share an engine, its target and its control store. */
interface OnEngine {
    TestEngine engine();

    Database target();

    Database control();

    /** Waits until the run's session sleeps in a statement. */
    default void untilAsleep(UUID runId) {
        await().atMost(TestEngine.PATIENCE)
                .until(() -> target().number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                + " AND application_name = 'caretaker/" + runId + "'")
                        == 1);
    }

    /** Waits until the run has told a warning of that code. */
    default void untilWarned(UUID runId, String code) {
        engine().runs().watch(runId, 0, new Runs.Watcher() {
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
