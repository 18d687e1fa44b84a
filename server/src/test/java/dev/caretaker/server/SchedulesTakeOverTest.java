package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduleServiceGrpc.ScheduleServiceBlockingStub;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three server processes on one control store, one of which is killed: nothing starts twice, and no time has no row. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SchedulesTakeOverTest {
    private static final List<String> NAMES = List.of("first", "second", "third", "fourth");
    private static final int SECONDS = 3;
    private static final int FIRES = 8;

    private final TestPostgres.Database controlStore = TestPostgres.newest().database();
    private final TestPostgres.Database target = TestPostgres.newest().database();
    private final List<ServerProcess> servers = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        target.execute("CREATE TABLE jobs (id int PRIMARY KEY)");
        for (int i = 1; i <= 3; i++) {
            servers.add(ServerProcess.start(folder, "server-" + i, controlStore, target));
        }
    }

    @AfterEach
    void end() {
        servers.forEach(ServerProcess::close);
    }

    @Test
    void with_a_server_killed_no_fire_is_doubled_and_no_time_is_without_a_row() {
        schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addAllSchedules(NAMES.stream()
                                .map(SchedulesTakeOverTest::schedule)
                                .toList())
                        .build());
        awaitFires(2);
        servers.getLast().kill();
        awaitFires(FIRES);
        NAMES.forEach(name -> schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setName(name)
                        .build()));

        List<Fire> all = new ArrayList<>();
        for (String name : NAMES) {
            List<Fire> fires = fires(name);
            long first = fires.getLast().getNominalTime().getSeconds();
            long last = fires.getFirst().getLastNominalTime().getSeconds();
            assertThat(fires.reversed().stream()
                            .flatMap(fire -> LongStream.range(0, fire.getTimes())
                                    .mapToObj(i -> fire.getNominalTime().getSeconds() + i * SECONDS)))
                    .as("every time of %s has one row", name)
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, (int) (last - first) / SECONDS)
                            .mapToObj(i -> first + (long) i * SECONDS)
                            .toList());
            all.addAll(fires);
        }
        List<String> started =
                all.stream().map(Fire::getRunId).filter(run -> !run.isEmpty()).toList();
        assertThat(started)
                .as("every run has one row, and every row that started has its run")
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(runs());
        assertThat(all)
                .allSatisfy(fire -> assertThat(fire.getOutcome())
                        .isIn(
                                FireOutcome.FIRE_OUTCOME_STARTED,
                                FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP,
                                FireOutcome.FIRE_OUTCOME_MISSED));
    }

    private static Schedule schedule(String name) {
        return Schedule.newBuilder()
                .setName(name)
                .setTarget("target")
                .setEvery(Duration.newBuilder().setSeconds(SECONDS))
                .setWork(ScheduledWork.newBuilder()
                        .setVacuum(ScheduledVacuum.newBuilder()
                                .addTables(TableName.newBuilder().setName("jobs"))))
                .build();
    }

    /** Until runs were started for so many times of each. */
    private void awaitFires(int count) {
        await().atMost(90, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(NAMES)
                        .allSatisfy(name -> assertThat(fires(name))
                                .filteredOn(fire -> !fire.getRunId().isEmpty())
                                .hasSizeGreaterThanOrEqualTo(count)));
    }

    private List<Fire> fires(String name) {
        return schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule(name)
                        .setPageSize(1_000)
                        .build())
                .getFiresList();
    }

    private List<String> runs() {
        return RunServiceGrpc.newBlockingStub(servers.getFirst().channel())
                .listRuns(ListRunsRequest.newBuilder().setPageSize(1_000).build())
                .getRunsList()
                .stream()
                .map(Run::getRunId)
                .toList();
    }

    private ScheduleServiceBlockingStub schedules() {
        return ScheduleServiceGrpc.newBlockingStub(servers.getFirst().channel());
    }
}
