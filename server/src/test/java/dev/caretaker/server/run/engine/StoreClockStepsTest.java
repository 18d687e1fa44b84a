package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.assertComplete;
import static dev.caretaker.server.run.engine.TestEngine.delete;
import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.SteppingStore;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody sets the clock of the control store, by which servers tell whether others are alive and what is due. */
class StoreClockStepsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Database store = SteppingStore.make();
    private final Database target = TestPostgres.newest().database();
    private TestEngine engine;

    @BeforeEach
    void start() {
        engine = TestEngine.start(store.url(), target.url(), Map.of("caretaker.engine.heartbeat-interval", "300ms"));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    /** The clock is set, and the server has noticed. */
    private void set(Duration ahead) {
        SteppingStore.set(store, ahead);
        Clock clock = engine.bean(Clock.class);
        await("the server goes by it")
                .atMost(TestEngine.PATIENCE)
                .until(() -> Duration.between(Instant.now().plus(ahead), clock.instant())
                                .abs()
                                .compareTo(Duration.ofSeconds(5))
                        < 0);
    }

    @Test
    void when_it_goes_ahead_no_server_takes_a_run_for_abandoned_that_it_works_on() {
        table(target, "ahead", 3_000);
        UUID run = engine.start(slowDelete(target, "ahead", 10, 60));
        long epoch = engine.awaitRows(run, 10).epoch();

        set(HOUR);

        RunView ended = engine.awaitLateEnd(run);
        assertComplete(ended, 2_700);
        assertThat(ended.epoch()).as("nobody took it over").isEqualTo(epoch);
        assertThat(Duration.between(ended.started().orElseThrow(), ended.ended().orElseThrow()))
                .as("by the clock it took an hour")
                .isGreaterThan(HOUR);
    }

    @Test
    void when_it_goes_back_what_waits_is_looked_at_and_what_a_dead_server_had_is_taken_over() throws SQLException {
        table(target, "back", 100);
        table(target, "orphan", 100);
        UUID waiting;
        UUID orphan;
        try (Connection other = target.connect();
                Statement fence = other.createStatement()) {
            fence(fence, "back");
            fence(fence, "orphan");
            waiting = engine.start(delete(target, "back"));
            orphan = engine.start(delete(target, "orphan"));
            engine.awaitState(waiting, RunState.WAITING_LOCK);
            engine.awaitState(orphan, RunState.WAITING_LOCK);
            await("as if the server that had it had died just now")
                    .atMost(TestEngine.PATIENCE)
                    .until(() -> {
                        store.execute("UPDATE caretaker.scheduled_task SET picked = true, picked_by = 'gone',"
                                + " last_heartbeat = clock_timestamp() WHERE NOT picked AND task_instance = '" + orphan
                                + "'");
                        return store.number("SELECT count(*) FROM caretaker.scheduled_task WHERE picked_by = 'gone'")
                                == 1;
                    });

            set(HOUR.negated());
        }
        assertComplete(engine.awaitEnd(waiting), 90);
        assertComplete(engine.awaitEnd(orphan), 90);
        UUID next = engine.start(delete(target, "back"));
        assertComplete(engine.awaitEnd(next), 0);
    }

    private static void fence(Statement statement, String table) throws SQLException {
        statement.execute("SELECT pg_advisory_lock(" + Session.FENCE_CLASS + ", CAST(CAST('" + table
                + "'::regclass AS oid) AS int))");
    }
}
