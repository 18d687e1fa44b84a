package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.Tuning;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two server processes on one control store: what one leaves unfinished, the other finishes, and nothing is done twice. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TwoServersTest {
    private static final int ELIGIBLE = 120_000;
    private static final int YOUNG = 40_000;
    /** The run would take two minutes: more than any machine needs to start the second server and to take over. */
    private static final int ROWS_PER_SECOND = 1_000;

    private static final java.time.Duration TAKE_OVER = java.time.Duration.ofSeconds(30);

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();
    private ServerProcess first;
    private ServerHere second;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        target.execute(
                "CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, payload text)",
                "INSERT INTO events SELECT n, now() - interval '90 days' + n * interval '1 second', repeat('x', 100)"
                        + " FROM generate_series(1, " + ELIGIBLE + ") n",
                "INSERT INTO events SELECT -n, now() - n * interval '1 second', repeat('x', 100)"
                        + " FROM generate_series(1, " + YOUNG + ") n",
                "CREATE INDEX ON events (created_at)",
                "VACUUM ANALYZE events");
        first = ServerProcess.start(folder, "first", controlStore, target);
    }

    @AfterEach
    void end() {
        first.close();
        if (second != null) {
            second.close();
        }
    }

    @Test
    void a_run_whose_server_was_killed_is_finished_by_the_other(@TempDir Path folder) throws Exception {
        String run = startRun();
        awaitDeleted(run, first, ELIGIBLE / 50);
        second = ServerHere.start(folder, "second", controlStore, target, "2s", "");
        first.kill();

        awaitTakeOver(run);
        assertFinishedExactly(run);
    }

    @Test
    void a_server_that_was_stopped_and_continues_late_does_nothing_more(@TempDir Path folder) throws Exception {
        String run = startRun();
        awaitDeleted(run, first, ELIGIBLE / 50);
        second = ServerHere.start(folder, "second", controlStore, target, "2s", "");
        first.stop();

        awaitTakeOver(run);
        Run finished = assertFinishedExactly(run);

        // Old rows that come after the run are there to be wrongly deleted by a server that goes on where it stood.
        target.execute("INSERT INTO events SELECT n, now() - interval '90 days' + n * interval '1 second', 'late'"
                + " FROM generate_series(1, " + ELIGIBLE + ") n");
        first.goOn();
        await("the late server is alive again")
                .atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> get(run, first).getState() == RunState.RUN_STATE_ENDED);
        await("nothing happens any more")
                .during(5, TimeUnit.SECONDS)
                .atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> {
                    assertThat(target.number("SELECT count(*) FROM events WHERE payload = 'late'"))
                            .isEqualTo(ELIGIBLE);
                    assertThat(get(run, second)).isEqualTo(finished);
                });
    }

    private String startRun() {
        PolicyServiceGrpc.newBlockingStub(first.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .addPolicies(Policy.newBuilder()
                                .setName("events")
                                .setTarget("target")
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("events"))
                                .setTimeColumn(TimeColumn.newBuilder()
                                        .setName("created_at")
                                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                                .setRetention(Retention.newBuilder()
                                        .setDuration(Duration.newBuilder().setSeconds(30 * 86_400)))
                                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                                .setFollowUp(FollowUp.FOLLOW_UP_NEVER))
                        .build());
        MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance =
                MaintenanceServiceGrpc.newBlockingStub(first.channel());
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .addPolicies("events")
                        .build())
                .getPlan();
        // The stream is left after its first event; the run goes on.
        return maintenance
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(ROWS_PER_SECOND))
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static void awaitDeleted(String run, RunningServer server, long rows) {
        await("the run works")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> get(run, server).getTotals().getRowsDeleted() >= rows);
    }

    private void awaitTakeOver(String run) {
        long epoch = get(run, second).getEpoch();
        long deleted = get(run, second).getTotals().getRowsDeleted();
        assertThat(deleted).as("the run is still under way").isLessThan(ELIGIBLE);
        await("the other server goes on").atMost(TAKE_OVER).until(() -> {
            Run now = get(run, second);
            return now.getEpoch() > epoch && now.getTotals().getRowsDeleted() > deleted;
        });
        // The test has seen enough of it working slowly.
        RunServiceGrpc.newBlockingStub(second.channel())
                .tuneRun(TuneRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setRunId(run)
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(0))
                        .build());
    }

    private Run assertFinishedExactly(String run) {
        await("the run ends")
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> get(run, second).getState() == RunState.RUN_STATE_ENDED);
        Run finished = get(run, second);
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(YOUNG);
        assertThat(target.number("SELECT count(*) FROM events WHERE id < 0")).isEqualTo(YOUNG);
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(ELIGIBLE);
        assertThat(finished.getTotals().getRowsExact()).isTrue();
        return finished;
    }

    private static Run get(String run, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }
}
