package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 in the middle of an adoption, when the check stands that refuses rows, of a creation, when the guard stands that does
 * so, and of a detach that is half done: the next server ends all three.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class UpkeepTakeOverTest {
    /** A busy machine takes long to start what a server needs. */
    private static final java.time.Duration TAKE_OVER = java.time.Duration.ofMinutes(2);

    private static final String CHECKS = "SELECT count(*) FROM pg_constraint WHERE conname =";

    @TempDir
    private Path folder;

    @Test
    void case_2_whoever_takes_over_after_kill_9_ends_what_was_begun_and_no_check_is_left() throws Exception {
        TestPostgres.Database control = TestPostgres.controlStore();
        TestPostgres.Database target = TestPostgres.oldest().database();
        target.execute(
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "INSERT INTO owners VALUES (1)",
                "CREATE TABLE orders (id int, at timestamptz, owner int REFERENCES owners) PARTITION BY RANGE (at)",
                "CREATE TABLE orders_default PARTITION OF orders DEFAULT",
                "INSERT INTO orders SELECT i, now() - i * interval '1 minute', 1 FROM generate_series(1, 1000) i",
                "INSERT INTO orders VALUES (1001, NULL, 1)",
                "CREATE TABLE jobs (id int, at timestamptz, filler text) PARTITION BY RANGE (at)",
                "CREATE TABLE jobs_default PARTITION OF jobs DEFAULT",
                "ALTER TABLE jobs_default ALTER filler SET STORAGE PLAIN",
                "INSERT INTO jobs SELECT i, '2001-01-01', repeat('x', 2000) FROM generate_series(1, 9000) i",
                "CREATE TABLE logs (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')",
                "CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2001-02-01') TO (MAXVALUE)",
                "INSERT INTO logs VALUES ('2001-01-10')");
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s");
                Connection reader = target.connect()) {
            List<String> runs = new ArrayList<>();
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM owners");
            reader.createStatement().execute("SELECT count(*) FROM jobs_default");
            reader.createStatement().execute("SELECT count(*) FROM logs");
            runs.add(startRun(
                    first, set("orders", "orders").setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)));
            await("the check stands")
                    .atMost(TAKE_OVER)
                    .until(() -> target.number(CHECKS + " 'caretaker_adoption'") == 1);
            runs.add(startRun(
                    first,
                    set("logs", "logs")
                            .setRetirement(PartitionRetirement.newBuilder()
                                    .setDuration(Duration.newBuilder().setSeconds(86_400)))));
            await("it is half detached")
                    .atMost(TAKE_OVER)
                    .until(() -> target.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 1);
            runs.add(startRun(first, set("jobs", "jobs")));
            await("the guard is wanted")
                    .atMost(TAKE_OVER)
                    .until(() -> get(runs.getLast(), first).getState() == RunState.RUN_STATE_RUNNING);
            // Only now: what another server has begun is not there to be taken over.
            try (ServerHere second = ServerHere.start(folder, "second", control, target, "1s", "")) {
                first.kill();
                await("the other server goes on")
                        .atMost(TAKE_OVER)
                        .until(() ->
                                runs.stream().allMatch(run -> get(run, second).getEpoch() > 1));
                reader.rollback();
                runs.forEach(run -> awaitEnd(run, second));
                assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'jobs'::regclass"))
                        .as("the default partition, that of now, and those ahead")
                        .isEqualTo(6);
                assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass"))
                        .isEqualTo(1);
                assertThat(target.number("SELECT count(*) FROM logs_old")).isEqualTo(1);
                assertThat(target.number(CHECKS + " 'caretaker_guard' OR conname = 'caretaker_adoption'"))
                        .isZero();
                assertThat(target.number("SELECT count(*) FROM orders")).isEqualTo(1_001);
                assertThat(target.number("SELECT count(*) FROM orders_default")).isEqualTo(1);
            }
        }
    }

    /** The stream is left after its first event; the run goes on. */
    private static String startRun(RunningServer server, PartitionSet.Builder set) {
        var stub = PartitionServiceGrpc.newBlockingStub(server.channel());
        stub.applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(id())
                .setActor("test")
                .addSets(set)
                .build());
        String plan = stub.planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .addSets(set.getName())
                        .build())
                .getPlan()
                .getPlanId();
        return stub.executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setPlanId(plan)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static PartitionSet.Builder set(String name, String table) {
        return PartitionSet.newBuilder()
                .setName(name)
                .setTarget("target")
                .setTable(TableName.newBuilder().setName(table))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)));
    }

    private static void awaitEnd(String run, RunningServer server) {
        await("the run ends").atMost(TAKE_OVER).until(() -> get(run, server).getState() == RunState.RUN_STATE_ENDED);
        assertThat(get(run, server).getOutcome())
                .as(get(run, server).toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static Run get(String run, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
