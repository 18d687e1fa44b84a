package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.Kills;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
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

/** Three servers on one control store, of which two are killed: nothing starts twice, no time has no row. */
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class SchedulesTakeOverTest {
    private static final List<String> NAMES = IntStream.range(0, Kills.ALL ? 30 : 8)
            .mapToObj(i -> "schedule-" + i)
            .toList();
    private static final int SECONDS = 3;
    private static final int FIRES = Kills.ALL ? 300 : 60;
    private static final int KILLS = Kills.ALL ? 8 : 2;
    /** Five of them missed, and others take the runs of a server over. */
    private static final String HEARTBEAT = "400ms";

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();
    private final List<ServerProcess> mortals = new ArrayList<>();
    private ServerHere survivor;
    private int started;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        target.execute("CREATE TABLE jobs (id int PRIMARY KEY)");
        survivor = ServerHere.start(folder, "survivor", controlStore, target, HEARTBEAT, "");
        mortals.add(another());
        mortals.add(another());
    }

    private ServerProcess another() throws Exception {
        return ServerProcess.start(folder, "server-" + ++started, controlStore, target, HEARTBEAT);
    }

    @AfterEach
    void end() {
        mortals.forEach(ServerProcess::close);
        survivor.close();
    }

    @Test
    void with_servers_killed_no_fire_is_doubled_and_no_time_is_without_a_row() throws Exception {
        schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addAllSchedules(NAMES.stream()
                                .map(SchedulesTakeOverTest::schedule)
                                .toList())
                        .build());
        for (int kill = 0; kill < KILLS; kill++) {
            int who = kill % mortals.size();
            if (kill >= mortals.size()) {
                mortals.set(who, another());
            }
            long seen = started();
            await("runs before a kill").atMost(180, TimeUnit.SECONDS).until(() -> started() >= seen + NAMES.size());
            long before;
            try (ServerProcess victim = mortals.get(who)) {
                victim.kill();
                before = started();
            }
            await("runs after a kill").atMost(180, TimeUnit.SECONDS).until(() -> started() > before);
        }
        await("enough fires").atMost(180, TimeUnit.SECONDS).until(() -> fired() >= FIRES);
        NAMES.forEach(name -> schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setName(name)
                        .build()));
        // What a server was starting when the schedules went is stored by now, or never will be.
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(startedByFires())
                        .as("every run has one row, and every row that started has its run")
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrderElementsOf(runs()));
        NAMES.forEach(this::requireEveryTime);
        assertThat(startedByFires()).as("every schedule started some").hasSizeGreaterThan(NAMES.size());
    }

    /** Fires that started a run. */
    private long started() {
        return controlStore.number("SELECT count(*) FROM caretaker.fire WHERE run_id IS NOT NULL");
    }

    /** Nominal times that something became of. */
    private long fired() {
        return controlStore.number("SELECT coalesce(sum(times), 0)::bigint FROM caretaker.fire");
    }

    private List<String> startedByFires() {
        return NAMES.stream()
                .flatMap(name -> fires(name).stream())
                .map(Fire::getRunId)
                .filter(run -> !run.isEmpty())
                .toList();
    }

    private void requireEveryTime(String name) {
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
        assertThat(fires)
                .filteredOn(fire -> !fire.getReason().equals("SCHEDULE_NOT_FOUND")) // due as the schedule went
                .allSatisfy(fire -> assertThat(fire.getOutcome())
                        .isIn(
                                FireOutcome.FIRE_OUTCOME_STARTED,
                                FireOutcome.FIRE_OUTCOME_CAUGHT_UP,
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

    private List<Fire> fires(String name) {
        return schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule(name)
                        .setPageSize(1_000)
                        .build())
                .getFiresList();
    }

    private List<String> runs() {
        List<String> all = new ArrayList<>();
        String token = "";
        do {
            ListRunsResponse page = RunServiceGrpc.newBlockingStub(survivor.channel())
                    .listRuns(ListRunsRequest.newBuilder()
                            .setPageSize(1_000)
                            .setPageToken(token)
                            .build());
            page.getRunsList().forEach(run -> all.add(run.getRunId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return all;
    }

    private ScheduleServiceBlockingStub schedules() {
        return ScheduleServiceGrpc.newBlockingStub(survivor.channel());
    }
}
