package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.reindex.ReindexRequest;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The target's postmaster dies in the middle of REINDEX CONCURRENTLY. */
class ReindexCrashTest {
    private static final String INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void what_a_killed_postmaster_left_half_built_is_dropped_and_the_rebuild_finishes(EmbeddedServer version)
            throws Exception {
        try (CrashableServer server = new CrashableServer(version);
                TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), server.url(), Map.of())) {
            server.execute(
                    "CREATE TABLE jobs (id int PRIMARY KEY, n int)",
                    "INSERT INTO jobs SELECT i, 0 FROM generate_series(1, 1000) i",
                    "CHECKPOINT");
            UUID run = halfBuilt(engine, server);
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

    @Test
    void what_it_left_when_the_run_was_cancelled_meanwhile_is_told_and_settled_by_another_server() throws Exception {
        String control = TestPostgres.controlStore().url();
        try (CrashableServer server = new CrashableServer(EmbeddedServer.NEWEST)) {
            server.execute(
                    "CREATE TABLE jobs (id int PRIMARY KEY, n int)",
                    "INSERT INTO jobs SELECT i, 0 FROM generate_series(1, 1000) i",
                    "CREATE INDEX mine_ccnew ON jobs (n)",
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'mine_ccnew'::regclass",
                    "CHECKPOINT");
            try (TestEngine engine = TestEngine.start(control, server.url(), Map.of())) {
                UUID run = halfBuilt(engine, server);

                server.kill();
                engine.awaitState(run, RunState.WAITING_LOCK);
                engine.runs().cancel(run, TestEngine.ALICE, "enough");

                RunView ended = engine.awaitEnd(run);
                assertThat(ended.outcome()).contains(Outcome.CANCELLED);
                assertThat(ended.debts()).singleElement().satisfies(debt -> {
                    assertThat(debt.object()).hasToString("public.jobs_pkey");
                    assertThat(debt.message()).contains("an invalid index may be left");
                    assertThat(debt.settled()).isEmpty();
                });
                assertThat(engine.events(run).getLast().event())
                        .isInstanceOfSatisfying(
                                RunEvent.Finished.class,
                                finished -> assertThat(finished.debts()).hasSize(1));
            }
            server.start();
            assertThat(server.number(INVALID)).isEqualTo(2);
            try (TestEngine other = TestEngine.start(control, server.url(), Map.of())) {
                Debts debts = other.bean(Debts.class);
                DebtView settled = Awaitility.await()
                        .atMost(TestEngine.PATIENCE)
                        .until(
                                () -> debts.list(new Debts.Filter(Optional.of("shop"), Optional.empty(), true))
                                        .getFirst(),
                                debt -> debt.settled().isPresent());
                assertThat(settled.answer()).isEqualTo("The invalid index public.jobs_pkey_ccnew was dropped.");
                assertThat(debts.list(Debts.Filter.open("shop"))).isEmpty();
                assertThat(other.runs().get(settled.runId()).debts()).containsExactly(settled);
                assertThat(server.number(INVALID)).as("somebody else's").isEqualTo(1);
            }
        }
    }

    /** The writer goes with the server. */
    private static UUID halfBuilt(TestEngine engine, CrashableServer server) throws Exception {
        Connection writer = server.connect();
        writer.setAutoCommit(false);
        writer.createStatement().execute("UPDATE jobs SET n = 1 WHERE id = 1");
        UUID run = engine.start(reindex(server));
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> server.number("SELECT count(*) FROM pg_stat_progress_create_index") == 1);
        server.execute("CHECKPOINT"); // the invalid index is there after the crash, too
        return run;
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
