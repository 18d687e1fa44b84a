package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupServiceGrpc.BackupServiceBlockingStub;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What is known of backups that others make, through a real server that runs a program which answers as pgBackRest does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupHealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Database target = TestPostgres.newest().database();
    private final Database store = TestPostgres.controlStore();
    private WholeServer server;
    private Path answer;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        answer = folder.resolve("answer.json");
        tell(Duration.ofHours(50), cluster());
        Path program = Script.in(
                folder,
                "pgbackrest",
                "[ \"$*\" = '--stanza=main --output=json --log-level-console=off info' ] || exit 9; cat " + answer);
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT g, now() - interval '3 days' FROM generate_series(1, 100) g");
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.control-store.url",
                        store.url(),
                        "caretaker.http.port",
                        0,
                        "caretaker.data-dir",
                        folder.resolve("data").toString(),
                        "caretaker.backups.pgbackrest",
                        program.toString(),
                        "caretaker.targets.main.backups.pgbackrest-stanza",
                        "main"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    @Order(1)
    void a_backup_that_another_tool_made_counts_and_its_age_is_judged() {
        BackupHealth health = health();
        assertThat(health.getNewest().getMaker()).isEqualTo("pgbackrest");
        assertThat(health.getNewest().getId()).isEqualTo("20261101-020000F");
        assertThat(health.getNewest().getAge().getSeconds()).isBetween(50 * 3600L, 50 * 3600L + 600);
        assertThat(health.hasNewestVerified()).isFalse();
        assertThat(health.getVerdict()).isEqualTo(BackupHealthVerdict.BACKUP_HEALTH_VERDICT_ATTENTION);
        assertThat(health.getReasonsList())
                .containsExactly(
                        "The newest backup is 50 hours old; 36 hours are expected.",
                        "No backup was ever proven by restoring it.");
        assertThat(health.hasArchiver()).isTrue();
        assertThat(health.getArchiver().getEnabled()).isFalse();
        assertThat(health.getTools(0).getBackupsList()).hasSize(1);
    }

    @Test
    @Order(2)
    void findings_metrics_and_the_health_page_tell_the_same() throws Exception {
        assertThat(server.maintenance()
                        .detectIssues(DetectIssuesRequest.newBuilder()
                                .setTarget("main")
                                .addChecks("backup-overdue")
                                .addChecks("backup-unverified")
                                .addChecks("backup-missing")
                                .addChecks("backup-damaged")
                                .build())
                        .getFindingsList())
                .extracting(Finding::getCheckId)
                .containsExactlyInAnyOrder("backup-overdue", "backup-unverified");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(metrics().value("caretaker_backup_age_seconds", "target", "main"))
                        .isBetween(50 * 3600.0, 50 * 3600.0 + 600));
        assertThat(metrics().names()).doesNotContain("caretaker_backup_verified_age_seconds");
        Health page = server.health()
                .getHealth(GetHealthRequest.newBuilder().setTarget("main").build())
                .getHealth();
        assertThat(page.getLastBackup().getMaker()).isEqualTo("pgbackrest");
        assertThat(page.hasLastVerifiedBackup()).isFalse();
    }

    @Test
    @Order(3)
    void a_policy_that_requires_a_backup_is_planned_and_executed_only_with_one() {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-jobs", "main", "jobs")
                                .setLimits(PolicyLimits.newBuilder()
                                        .setRequireBackup(BackupRequirement.newBuilder()
                                                .setWithin(Durations.fromHours(24))
                                                .setVerified(true))))
                        .build());
        Plan plan = plan();
        assertThat(plan.getBlocked()).isTrue();
        PlanWarning warning = plan.getWarningsList().stream()
                .filter(one -> one.getCode() == PlanWarningCode.PLAN_WARNING_CODE_BACKUP_TOO_OLD)
                .findFirst()
                .orElseThrow();
        assertThat(warning.getMessage())
                .isEqualTo(
                        "Policy old-jobs: A verified backup of the last 24 hours is required, and there is no verified"
                                + " backup that holds public.jobs. If the plan is to be executed all the same, override"
                                + " BACKUP_TOO_OLD.");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> execute(plan))
                .withMessageContaining("is blocked by BACKUP_TOO_OLD: Policy old-jobs");
        assertThat(target.number("SELECT count(*) FROM jobs")).isEqualTo(100);
    }

    @Test
    @Order(3)
    void a_rewrite_that_requires_a_backup_is_refused_without_one_even_when_only_asked_about() {
        RunVacuumRequest request = RunVacuumRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .addTables(TableName.newBuilder().setName("jobs"))
                .setOptions(VacuumOptions.newBuilder().setFull(true))
                .setAssumeFreeBytes(1L << 40)
                .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)))
                .build();
        long file = target.number("SELECT pg_relation_filenode('jobs')::bigint");
        for (RunVacuumRequest one : List.of(
                request,
                request.toBuilder().setRequestId(id()).setValidateOnly(true).build())) {
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> server.maintenance().runVacuum(one).forEachRemaining(event -> {}))
                    .withMessageContaining("A backup of the last 24 hours is required, and the newest backup that holds"
                            + " public.jobs is 50 hours old (pgbackrest 20261101-020000F).");
        }
        assertThat(target.number("SELECT pg_relation_filenode('jobs')::bigint")).isEqualTo(file);
    }

    @Test
    @Order(3)
    void a_planned_conversion_that_requires_a_backup_has_an_obstacle_and_does_not_begin_until_it_is_there() {
        target.execute("CREATE TABLE plain (at timestamptz NOT NULL)");
        ConversionClient client = ConversionClient.of(server);
        String why =
                "A backup of the last 24 hours is required, and the newest backup that holds public.plain is 50 hours"
                        + " old (pgbackrest 20261101-020000F).";
        Conversion planned = client.plan(ConversionClient.request("plain", "at")
                .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromHours(24))));
        assertThat(planned.getObstaclesList())
                .singleElement()
                .extracting(ConversionObstacle::getMessage)
                .isEqualTo(why);
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> client.begin(planned))
                .withMessageContaining(why);
        store.execute("UPDATE caretaker.conversion SET state = 'STARTED', run_id = gen_random_uuid()"
                + " WHERE conversion_id = '" + planned.getConversionId() + "'");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .as("a run that never began is no way past it")
                .isThrownBy(() -> client.begin(planned.toBuilder().clearEtag().build()))
                .withMessageContaining(why);
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'plain'"))
                .isEqualTo("r");
        assertThat(client.plan(ConversionClient.request("plain", "at")
                                .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromHours(72))))
                        .getObstaclesList())
                .isEmpty();
    }

    @Test
    @Order(4)
    void a_snapshot_that_was_recorded_counts_for_what_it_is_worth() {
        Instant taken = Instant.now().minus(Duration.ofHours(2));
        RecordExternalBackupRequest request = RecordExternalBackupRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setSource("ebs-snapshot")
                .setReference("snap-0f1e")
                .setTime(Timestamps.fromMillis(taken.toEpochMilli()))
                .build();
        backups().recordExternalBackup(request);
        assertThat(backups().recordExternalBackup(request).getBackup().getReference())
                .isEqualTo("snap-0f1e");
        BackupHealth health = health();
        assertThat(health.getNewest().getMaker()).isEqualTo("ebs-snapshot");
        assertThat(health.getReasonsList()).containsExactly("No backup was ever proven by restoring it.");
        backups()
                .recordExternalBackup(request.toBuilder()
                        .setRequestId(id())
                        .setVerifyTime(
                                Timestamps.fromMillis(taken.plusSeconds(60).toEpochMilli()))
                        .build());
        assertThat(health().getVerdict()).isEqualTo(BackupHealthVerdict.BACKUP_HEALTH_VERDICT_GOOD);
        assertThat(health().getNewestVerified().getId()).isEqualTo("snap-0f1e");
    }

    @Test
    @Order(5)
    void a_plan_that_was_blocked_goes_once_the_backup_is_there() {
        Plan plan = plan();
        assertThat(plan.getBlocked()).isFalse();
        execute(plan);
        assertThat(target.number("SELECT count(*) FROM jobs")).isZero();
    }

    @Test
    @Order(6)
    void backups_of_another_cluster_do_not_count_and_a_tool_that_fails_is_told() throws Exception {
        tell(Duration.ofMinutes(5), 7);
        await().atMost(PATIENCE.plus(PATIENCE))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> {
                    BackupHealth health = health();
                    assertThat(health.getTools(0).getBackups(0).getProblem())
                            .isEqualTo("was made of another cluster, 7");
                    assertThat(health.getNewest().getMaker()).isEqualTo("ebs-snapshot");
                });
    }

    @Test
    @Order(7)
    void what_cannot_be_is_not_recorded() {
        Instant now = Instant.now();
        RecordExternalBackupRequest request = RecordExternalBackupRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setSource("pgbackrest")
                .setTime(Timestamps.fromMillis(now.plusSeconds(3600).toEpochMilli()))
                .setVerifyTime(Timestamps.fromMillis(now.minusSeconds(3600).toEpochMilli()))
                .setBytes(-1)
                .build();
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> backups().recordExternalBackup(request))
                .withMessageContainingAll(
                        "source: is the name of what tells its backups itself",
                        "reference",
                        "time: is in the future",
                        "verify_time: is before",
                        "bytes: is negative");
    }

    private BackupServiceBlockingStub backups() {
        return server.backups();
    }

    private BackupHealth health() {
        return backups()
                .getBackupHealth(
                        GetBackupHealthRequest.newBuilder().setTarget("main").build())
                .getHealth();
    }

    private Plan plan() {
        return server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies("old-jobs")
                        .build())
                .getPlan();
    }

    private void execute(Plan plan) {
        server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .build())
                .forEachRemaining(event -> {});
    }

    private long cluster() {
        return target.number("SELECT system_identifier FROM pg_control_system()");
    }

    private void tell(Duration age, long cluster) throws Exception {
        Files.writeString(
                answer, """
                [{"name": "main", "status": {"code": 0, "message": "ok"},
                  "db": [{"id": 1, "repo-key": 1, "system-id": %d, "version": "18"}],
                  "backup": [{"label": "20261101-020000F", "type": "full", "error": false,
                              "database": {"id": 1, "repo-key": 1}, "info": {"size": 1000},
                              "timestamp": {"start": 1, "stop": %d}}]}]
                """.formatted(cluster, Instant.now().minus(age).getEpochSecond()));
    }

    private MetricsText metrics() throws Exception {
        int port = server.bean(HttpPort.class).port().orElseThrow();
        return MetricsText.parse(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
