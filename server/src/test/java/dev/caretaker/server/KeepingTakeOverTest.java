package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed while rows leave: another one goes on, and each row is in its table or, once, where it is kept. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class KeepingTakeOverTest {
    private static final int OLD = 60_000;
    private static final int YOUNG = 20_000;
    /** The run would take a minute and more: longer than the second server needs to start. */
    private static final int ROWS_PER_SECOND = 700;

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();

    @Test
    void rows_on_their_way_into_a_table(@TempDir Path folder) throws Exception {
        ArchiveTable table = ArchiveTable.newBuilder()
                .setName(TableName.newBuilder().setSchema("public").setName("{table}_kept"))
                .build();
        Run run = killed(folder, ArchiveTo.newBuilder().setTable(table).build(), "");
        assertThat(run.getTotals().getArchived(0).getPlace()).isEqualTo("public.events_kept");
        assertThat(target.number("SELECT count(*) FROM events_kept")).isEqualTo(OLD);
        assertThat(target.number("SELECT count(DISTINCT id) FROM events_kept WHERE id > 0 AND payload = 'p' || id"))
                .isEqualTo(OLD);
    }

    /** Both servers have the same spool, as on a disk that they share. */
    @Test
    void rows_on_their_way_into_files(@TempDir Path folder) throws Exception {
        Path cold = Files.createDirectory(folder.resolve("cold"));
        ArchiveStore store = ArchiveStore.newBuilder()
                .setDestination("cold")
                .setCompression("none")
                .build();
        Run run = killed(
                folder, ArchiveTo.newBuilder().setStore(store).build(), """
                archives:
                  spool: '%s'
                  destinations:
                    cold: {type: directory, path: '%s'}
                """.formatted(folder.resolve("spool"), cold));
        assertThat(run.getDebtsList()).isEmpty();
        List<String> rows = rows(cold);
        assertThat(rows).hasSize(OLD).doesNotHaveDuplicates();
        List<String> ids = rows.stream()
                .map(row -> row.substring(0, row.indexOf(',')))
                .sorted()
                .toList();
        assertThat(ids)
                .isEqualTo(IntStream.rangeClosed(1, OLD)
                        .mapToObj(String::valueOf)
                        .sorted()
                        .toList());
        assertThat(rows).allMatch(row -> row.endsWith(",p" + row.substring(0, row.indexOf(','))));
    }

    private static List<String> rows(Path cold) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cold)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                rows.addAll(Files.readAllLines(file).stream().skip(1).toList());
            }
        }
        return rows;
    }

    /** The run, which one server began and another one ended. */
    private Run killed(Path folder, ArchiveTo archive, String configuration) throws Exception {
        target.execute(
                "CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, payload text)",
                "INSERT INTO events SELECT n, now() - interval '90 days' + n * interval '1 second', 'p' || n"
                        + " FROM generate_series(1, " + OLD + ") n",
                "INSERT INTO events SELECT -n, now() - n * interval '1 second', 'young' FROM generate_series(1, "
                        + YOUNG + ") n",
                "CREATE INDEX ON events (created_at)",
                "VACUUM ANALYZE events");
        try (ServerProcess first = ServerProcess.start(folder, "first", controlStore, target, "2s", configuration)) {
            String id = start(first, archive);
            await("the run works")
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> get(id, first).getTotals().getRowsDeleted() >= OLD / 50);
            try (ServerHere second = ServerHere.start(folder, "second", controlStore, target, "2s", configuration)) {
                first.kill();
                long deleted = get(id, second).getTotals().getRowsDeleted();
                assertThat(deleted).as("the run is still under way").isLessThan(OLD);
                await("the other server goes on")
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> get(id, second).getTotals().getRowsDeleted() > deleted);
                RunServiceGrpc.newBlockingStub(second.channel())
                        .tuneRun(TuneRunRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setActor("test")
                                .setRunId(id)
                                .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(0))
                                .build());
                await("the run ends")
                        .atMost(90, TimeUnit.SECONDS)
                        .until(() -> get(id, second).getState() == RunState.RUN_STATE_ENDED);
                Run run = get(id, second);
                assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
                assertThat(run.getTotals().getRowsDeleted()).isEqualTo(OLD);
                assertThat(run.getTotals().getRowsExact()).isTrue();
                assertThat(run.getTotals().getArchived(0).getRows()).isEqualTo(OLD);
                assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(YOUNG);
                return run;
            }
        }
    }

    private static String start(RunningServer server, ArchiveTo archive) {
        PolicyServiceGrpc.newBlockingStub(server.channel())
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
                                .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                                .setArchive(archive)
                                .setFollowUp(FollowUp.FOLLOW_UP_NEVER))
                        .build());
        MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance =
                MaintenanceServiceGrpc.newBlockingStub(server.channel());
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

    private static Run get(String run, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }
}
