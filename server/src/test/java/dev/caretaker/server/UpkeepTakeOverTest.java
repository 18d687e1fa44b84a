package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.PartitionGrid;
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
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 in the middle of an adoption, when the check stands that refuses rows: the next server ends it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class UpkeepTakeOverTest {
    private static final Duration TAKE_OVER = Duration.ofSeconds(30);
    private static final String CHECKS = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";

    @TempDir
    private Path folder;

    @Test
    void whoever_takes_over_after_kill_9_ends_the_adoption_and_the_check_is_gone() throws Exception {
        TestPostgres.Database control = TestPostgres.newest().database();
        TestPostgres.Database target = TestPostgres.oldest().database();
        target.execute(
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "INSERT INTO owners VALUES (1)",
                "CREATE TABLE orders (id int, at timestamptz, owner int REFERENCES owners) PARTITION BY RANGE (at)",
                "CREATE TABLE orders_default PARTITION OF orders DEFAULT",
                "INSERT INTO orders SELECT i, now() - i * interval '1 minute', 1 FROM generate_series(1, 1000) i",
                "INSERT INTO orders VALUES (1001, NULL, 1)");
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s");
                ServerProcess second = ServerProcess.start(folder, "second", control, target, "1s")) {
            String run;
            try (Connection reader = target.connect()) {
                reader.setAutoCommit(false);
                reader.createStatement().execute("SELECT count(*) FROM owners");
                run = startRun(first);
                await("the check stands").atMost(TAKE_OVER).until(() -> target.number(CHECKS) == 1);
                first.kill();
                await("the other server goes on")
                        .atMost(TAKE_OVER)
                        .until(() -> get(run, second).getEpoch() > 1);
                reader.rollback();
            }
            await("the run ends")
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> get(run, second).getState() == RunState.RUN_STATE_ENDED);
            assertThat(get(run, second).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
            assertThat(target.number(CHECKS)).isZero();
            assertThat(target.number("SELECT count(*) FROM orders")).isEqualTo(1_001);
            assertThat(target.number("SELECT count(*) FROM orders_default")).isEqualTo(1);
        }
    }

    /** The stream is left after its first event; the run goes on. */
    private static String startRun(ServerProcess server) {
        var stub = PartitionServiceGrpc.newBlockingStub(server.channel());
        stub.applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(id())
                .setActor("test")
                .addSets(PartitionSet.newBuilder()
                        .setName("orders")
                        .setTarget("target")
                        .setTable(TableName.newBuilder().setName("orders"))
                        .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                        .setGrid(PartitionGrid.newBuilder()
                                .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                .build());
        String plan = stub.planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setTarget("target")
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

    private static Run get(String run, ServerProcess server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
