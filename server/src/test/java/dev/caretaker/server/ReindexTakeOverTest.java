package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server dies, or stops, in the middle of REINDEX CONCURRENTLY: the next one clears away what it left and finishes. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ReindexTakeOverTest {
    private static final Duration TAKE_OVER = Duration.ofSeconds(30);
    /** TwoServersTest waits as long as servers do by default. */
    private static final String HEARTBEAT = "1s";

    private static final String BUILDER =
            "SELECT coalesce(max(pid), 0) FROM pg_stat_progress_create_index WHERE relid = 'jobs'::regclass";
    private static final String INVALID =
            "SELECT coalesce(string_agg(indexrelid::regclass::text, ', '), '') FROM pg_index" + " WHERE NOT indisvalid";

    @TempDir
    private Path folder;

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private TestPostgres.Database target;
    private ServerProcess first;
    private ServerHere second;

    @AfterEach
    void end() {
        first.close();
        second.close();
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void what_a_killed_server_was_rebuilding_is_cleaned_up_and_finished_and_nothing_foreign_touched(TestPostgres server)
            throws Exception {
        start(server);
        try (Connection writer = writing()) {
            String run = startRun();
            long orphan = awaitBuilder();
            second = ServerHere.start(folder, "second", controlStore, target, HEARTBEAT, "");
            first.kill();
            awaitGone(orphan);
            awaitTakeOver(run);
            writer.rollback();
            assertFinished(run);
        }
    }

    @Test
    void the_backend_of_a_server_that_was_stopped_is_terminated_and_the_late_server_does_nothing_more()
            throws Exception {
        start(TestPostgres.newest());
        try (Connection writer = writing()) {
            String run = startRun();
            long orphan = awaitBuilder();
            second = ServerHere.start(folder, "second", controlStore, target, HEARTBEAT, "");
            first.stop(); // its connections stay open, so its backend goes on building
            awaitGone(orphan);
            awaitTakeOver(run);
            writer.rollback();
            Run finished = assertFinished(run);
            long index = index();
            first.goOn();
            await("the late server is alive again")
                    .atMost(60, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> get(run, first).getState() == RunState.RUN_STATE_ENDED);
            await("nothing happens any more")
                    .during(3, TimeUnit.SECONDS)
                    .atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> {
                        assertThat(index()).isEqualTo(index);
                        assertThat(get(run, second)).isEqualTo(finished);
                    });
        }
    }

    private void start(TestPostgres server) throws Exception {
        target = server.database();
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, n int)",
                "INSERT INTO jobs SELECT i, 0 FROM generate_series(1, 10000) i",
                "CREATE INDEX jobs_n ON jobs (n)",
                "CREATE TABLE other (n int)",
                "CREATE INDEX theirs ON jobs (id, n)",
                "ANALYZE jobs");
        // Somebody else's rebuild on the same table, broken off before.
        try (Connection writer = writing();
                Connection builder = target.connect()) {
            builder.createStatement().execute("SET statement_timeout = '300ms'");
            assertThatThrownBy(() -> builder.createStatement().execute("REINDEX INDEX CONCURRENTLY theirs"))
                    .isInstanceOf(SQLException.class);
            writer.rollback();
        }
        assertThat(target.value(INVALID)).isEqualTo("theirs_ccnew");
        first = ServerProcess.start(folder, "first", controlStore, target, HEARTBEAT);
    }

    private Connection writing() throws SQLException {
        Connection writer = target.connect();
        writer.setAutoCommit(false);
        writer.createStatement().execute("UPDATE jobs SET n = 1 WHERE id = 1");
        return writer;
    }

    private String startRun() {
        // The stream is left after its first event; the run goes on.
        return MaintenanceServiceGrpc.newBlockingStub(first.channel())
                .runReindex(RunReindexRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setTarget("target")
                        .addIndexes(TableName.newBuilder().setSchema("public").setName("jobs_n"))
                        .setForce(true)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private long awaitBuilder() {
        return await("it builds").atMost(30, TimeUnit.SECONDS).until(() -> target.number(BUILDER), pid -> pid > 0);
    }

    /** Although the transaction it waits for is still there. */
    private void awaitGone(long backend) {
        await("the orphaned backend is gone")
                .atMost(TAKE_OVER)
                .until(() -> target.number("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend) == 0);
    }

    private void awaitTakeOver(String run) {
        await("the other server goes on")
                .atMost(TAKE_OVER)
                .until(() -> get(run, second).getEpoch() > 1);
    }

    private Run assertFinished(String run) {
        await("the run ends")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> get(run, second).getState() == RunState.RUN_STATE_ENDED);
        Run finished = get(run, second);
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(finished.getSteps(0).getMessage()).contains("Rebuilt");
        assertThat(target.value(INVALID)).isEqualTo("theirs_ccnew");
        assertThat(target.number("SELECT count(*) FROM pg_index WHERE indrelid = 'jobs'::regclass"))
                .isEqualTo(4);
        return finished;
    }

    private long index() {
        return target.number("SELECT 'jobs_n'::regclass::oid::bigint");
    }

    private static Run get(String run, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }
}
