package dev.caretaker.server;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.TuneRunRequest;
import dev.caretaker.v1.Tuning;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A cleanup of the table "events" of the target "target", slow enough for a server to be killed meanwhile. */
final class SlowCleanup {
    private SlowCleanup() {}

    /**
     * Makes the table.
     *
     * @param old rows to be removed, whose ids are 1 and up
     * @param payload of them, an expression of n
     * @param young rows that stay, whose ids are -1 and down
     */
    static void table(Database target, int old, String payload, int young) {
        target.execute(
                "CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, payload text)",
                "INSERT INTO events SELECT n, now() - interval '90 days' + n * interval '1 second', " + payload
                        + " FROM generate_series(1, " + old + ") n",
                "INSERT INTO events SELECT -n, now() - n * interval '1 second', 'young' FROM generate_series(1, "
                        + young + ") n",
                "CREATE INDEX ON events (created_at)",
                "VACUUM ANALYZE events");
    }

    /** Of what is older than 30 days; its action is to be set. */
    static Policy.Builder policy() {
        return Policy.newBuilder()
                .setName("events")
                .setTarget("target")
                .setTable(TableName.newBuilder().setSchema("public").setName("events"))
                .setTimeColumn(TimeColumn.newBuilder()
                        .setName("created_at")
                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(30 * 86_400)))
                .setFollowUp(FollowUp.FOLLOW_UP_NEVER);
    }

    /** Starts it; the stream is left after its first event, and the run goes on. */
    static String start(RunningServer server, Policy.Builder policy, int rowsPerSecond) {
        PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .addPolicies(policy)
                        .build());
        MaintenanceServiceBlockingStub maintenance = MaintenanceServiceGrpc.newBlockingStub(server.channel());
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .addPolicies("events")
                        .build())
                .getPlan();
        return maintenance
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(rowsPerSecond))
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    static Run get(String run, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    /** Waits until it has removed so many rows. */
    static void awaitDeleted(String run, RunningServer server, long rows) {
        await("the run works")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> get(run, server).getTotals().getRowsDeleted() >= rows);
    }

    /** The test has seen enough of it working slowly. */
    static void hurry(String run, RunningServer server) {
        RunServiceGrpc.newBlockingStub(server.channel())
                .tuneRun(TuneRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor("test")
                        .setRunId(run)
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(0))
                        .build());
    }

    static Run ended(String run, RunningServer server) {
        await("the run ends")
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> get(run, server).getState() == RunState.RUN_STATE_ENDED);
        return get(run, server);
    }
}
