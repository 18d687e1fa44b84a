package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.reindex.ReindexRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The target's postmaster dies in the middle of REINDEX CONCURRENTLY. */
class ReindexCrashTest {
    private static final String INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    @ParameterizedTest
    @EnumSource
    void what_a_killed_postmaster_left_half_built_is_dropped_and_the_rebuild_finishes(EmbeddedServer version)
            throws Exception {
        try (CrashableServer server = new CrashableServer(version);
                TestEngine engine =
                        TestEngine.start(TestPostgres.newest().database().url(), server.url(), Map.of())) {
            server.execute(
                    "CREATE TABLE jobs (id int PRIMARY KEY, n int)",
                    "INSERT INTO jobs SELECT i, 0 FROM generate_series(1, 1000) i",
                    "CHECKPOINT");
            Connection writer = server.connect(); // goes with the server
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE jobs SET n = 1 WHERE id = 1");
            UUID run = engine.start(reindex(server));
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> server.number("SELECT count(*) FROM pg_stat_progress_create_index") == 1);
            server.execute("CHECKPOINT"); // the invalid index is there after the crash, too
            assertThat(server.number(INVALID)).isEqualTo(1);

            server.kill();
            server.start();

            RunView ended = engine.awaitEnd(run);
            assertThat(ended.outcome()).as(() -> ended.error().toString()).contains(Outcome.COMPLETE);
            assertThat(ended.steps().getFirst().message()).contains("Rebuilt");
            assertThat(server.number(INVALID)).isZero();
            assertThat(server.number("SELECT count(*) FROM pg_index WHERE indrelid = 'jobs'::regclass"))
                    .isEqualTo(1);
        }
    }

    private static StepSpec reindex(CrashableServer server) throws Exception {
        TableName index = new TableName("public", "jobs_pkey");
        ReindexRequest request = new ReindexRequest(
                server.number("SELECT 'jobs_pkey'::regclass::oid::bigint"),
                index,
                server.number("SELECT 'jobs'::regclass::oid::bigint"),
                new TableName("public", "jobs"),
                "named",
                Optional.empty(),
                false);
        return new StepSpec(ReindexRequest.STEP_KIND, index, "", 0, request);
    }
}
