package dev.caretaker.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.reindex.ReindexRequest;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Rebuilds as runs, broken off while somebody's transaction makes them wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReindexThroughEngineTest {
    private static final String INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    private Database target;
    private TestEngine engine;

    @BeforeAll
    void start() {
        target = TestPostgres.oldest().database();
        engine = TestEngine.start(TestPostgres.oldest().database(), target);
    }

    @AfterAll
    void stop() {
        engine.close();
    }

    @Test
    void a_cancelled_rebuild_leaves_nothing_behind() throws SQLException {
        TestEngine.table(target, "cancelled", 1_000);
        try (Connection writer = writing("cancelled")) {
            var run = engine.start(reindex("cancelled"));
            awaitInvalid(1);
            engine.runs().cancel(run, TestEngine.ALICE, "enough");
            writer.rollback();
            assertThat(engine.awaitEnd(run).outcome()).contains(Outcome.CANCELLED);
        }
        assertThat(target.number(INVALID)).isZero();
    }

    @Test
    void what_a_deadline_could_not_clean_is_told_and_dropped_by_the_next_rebuild() throws SQLException {
        TestEngine.table(target, "late", 1_000);
        try (Connection writer = writing("late")) {
            Instant deadline = Instant.now().plusSeconds(2);
            var run = engine.start(
                    TestEngine.TUNING, Optional.of(deadline), Optional.empty(), RowLimits.NONE, reindex("late"));
            RunView ended = engine.awaitEnd(run);
            assertThat(ended.outcome()).contains(Outcome.DEADLINE);
            assertThat(Duration.between(deadline, ended.ended().orElseThrow())).isLessThan(Duration.ofSeconds(12));
            assertThat(engine.warnings(run)).contains("LEFTOVER_STAYS");
            writer.rollback();
        }
        RunView again = engine.awaitEnd(engine.start(reindex("late")));
        assertThat(again.outcome()).contains(Outcome.COMPLETE);
        assertThat(again.steps().getFirst().message()).contains("Rebuilt");
        assertThat(target.number(INVALID)).isZero();
    }

    private void awaitInvalid(long count) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> target.number(INVALID) == count);
    }

    private Connection writing(String table) throws SQLException {
        Connection writer = target.connect();
        writer.setAutoCommit(false);
        writer.createStatement().execute("UPDATE " + table + " SET payload = 'y' WHERE id = 1");
        return writer;
    }

    private StepSpec reindex(String table) {
        TableName index = new TableName("public", table + "_pkey");
        ReindexRequest request = new ReindexRequest(
                TestEngine.oid(target, index.name()),
                index,
                TestEngine.oid(target, table),
                new TableName("public", table),
                "named",
                Optional.empty(),
                false);
        return new StepSpec(ReindexRequest.STEP_KIND, index, "", 0, request);
    }
}
