package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListRetiredRequest;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 while a retired partition is archived, and between its archive and its drop: another server goes on, nothing is lost. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class RetiredArchiveTakeOverTest {
    private static final int ROWS = 40_000;
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);

    private final TestPostgres.Database control = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.oldest().database();

    @TempDir
    private Path folder;

    @Test
    void between_the_archive_and_the_drop() throws Exception {
        String configuration = configuration();
        held(100);
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s", configuration);
                ServerHere second = ServerHere.start(folder, "second", control, target, "1s", configuration)) {
            detach(first);
            String run;
            try (Connection reader = target.connect()) {
                reader.setAutoCommit(false);
                reader.createStatement().execute("SELECT count(*) FROM logs_old");
                run = upkeep(first);
                await("it is archived, and the drop waits")
                        .atMost(PATIENCE)
                        .until(() -> !archive(first).isEmpty());
                first.kill();
                assertThat(target.number("SELECT count(*) FROM logs_old")).isEqualTo(ROWS);
                await("the other server goes on")
                        .atMost(PATIENCE)
                        .until(() -> get(run, second).getEpoch() > 1);
                reader.rollback();
            }
            assertComplete(run, second);
        }
    }

    /** Rows of a kilobyte and more: the partition has several pieces, of which some are copied when the server dies. */
    @Test
    void in_the_middle_of_the_copy() throws Exception {
        String configuration = configuration();
        held(1_500);
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s", configuration);
                ServerHere second = ServerHere.start(folder, "second", control, target, "1s", configuration)) {
            detach(first);
            String run = upkeep(first);
            await("some of it is copied")
                    .atMost(PATIENCE)
                    .pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> copied(run, first) > 0);
            first.kill();
            long copied = copied(run, second);
            assertThat(copied).as("the copy is still under way").isLessThan(ROWS);
            assertComplete(run, second);
            assertThat(copied(run, second)).as("each row is counted once").isEqualTo(ROWS);
        }
    }

    private void assertComplete(String run, RunningServer server) throws IOException {
        await("the run ends")
                .atMost(90, TimeUnit.SECONDS)
                .until(() -> get(run, server).getState() == RunState.RUN_STATE_ENDED);
        assertThat(get(run, server).getOutcome())
                .as(get(run, server).toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.value("SELECT to_regclass('logs_old')::text")).isNull();
        assertThat(ArchiveServiceGrpc.newBlockingStub(server.channel())
                        .listArchives(ListArchivesRequest.getDefaultInstance())
                        .getArchivesList())
                .singleElement()
                .satisfies(archive -> {
                    assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
                    assertThat(archive.getRows()).isEqualTo(ROWS);
                });
        assertThat(ids()).isEqualTo(IntStream.rangeClosed(1, ROWS).boxed().toList());
    }

    private List<Integer> ids() throws IOException {
        List<Integer> ids = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("cold"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                Files.readAllLines(file).stream()
                        .skip(1)
                        .forEach(row -> ids.add(Integer.parseInt(row.substring(0, row.indexOf(',')))));
            }
        }
        return ids.stream().sorted().toList();
    }

    private void held(int width) {
        target.execute(
                "CREATE TABLE logs (id int, at timestamptz, note text) PARTITION BY RANGE (at)",
                "CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')",
                "CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2001-02-01') TO (MAXVALUE)",
                "ALTER TABLE logs_old ALTER note SET STORAGE PLAIN",
                "INSERT INTO logs SELECT i, '2001-01-10', repeat('x', " + width + ") FROM generate_series(1, " + ROWS
                        + ") i",
                "ANALYZE logs_old");
    }

    private String configuration() throws IOException {
        Path cold = Files.createDirectories(folder.resolve("cold"));
        return """
                archives:
                  spool: '%s'
                  destinations:
                    cold: {type: directory, path: '%s'}
                """.formatted(folder.resolve("spool"), cold);
    }

    private void detach(RunningServer server) {
        PartitionServiceGrpc.newBlockingStub(server.channel())
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .addSets(PartitionSet.newBuilder()
                                .setName("logs")
                                .setTarget("target")
                                .setTable(TableName.newBuilder().setName("logs"))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)))
                                .setRetirement(PartitionRetirement.newBuilder()
                                        .setDuration(Duration.newBuilder().setSeconds(86_400))
                                        .setHold(Duration.getDefaultInstance())
                                        .setArchive(ArchiveStore.newBuilder()
                                                .setDestination("cold")
                                                .setCompression("none"))))
                        .build());
        String run = upkeep(server);
        await("it is detached").atMost(PATIENCE).until(() -> get(run, server).getState() == RunState.RUN_STATE_ENDED);
    }

    /** The stream is left after its first event; the run goes on. */
    private static String upkeep(RunningServer server) {
        var stub = PartitionServiceGrpc.newBlockingStub(server.channel());
        String plan = stub.planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .addSets("logs")
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

    private static String archive(RunningServer server) {
        return PartitionServiceGrpc.newBlockingStub(server.channel())
                .listRetired(ListRetiredRequest.newBuilder().setSet("logs").build())
                .getPartitions(0)
                .getArchiveId();
    }

    private static long copied(String run, RunningServer server) {
        return get(run, server).getTotals().getArchivedList().stream()
                .mapToLong(archived -> archived.getRows())
                .sum();
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
