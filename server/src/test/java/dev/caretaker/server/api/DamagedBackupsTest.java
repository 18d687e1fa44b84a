package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.backup.Expired;
import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyLimits;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A backup of Caretaker's own that a verification finds damaged, in all that goes by backups. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DamagedBackupsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static String proven;
    private static String damaged;
    private static Plan planned;

    @BeforeAll
    static void start() throws IOException {
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main",
                        BackupScene.of(
                                TestPostgres.newest(),
                                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                                "CREATE INDEX ON jobs (ended)",
                                "INSERT INTO jobs SELECT g, now() - interval '3 days' FROM generate_series(1, 100) g")),
                Map.of("caretaker.http.port", 0));
        scene.server
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-jobs", "main", "jobs")
                                .setLimits(PolicyLimits.newBuilder()
                                        .setRequireBackup(
                                                BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)))))
                        .build());
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static String made() {
        return scene.calls.made(backup().setKeep(BackupRetention.newBuilder().setAge(Durations.fromHours(1))));
    }

    private static Plan plan() {
        return scene.server
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies("old-jobs")
                        .build())
                .getPlan();
    }

    private static BackupHealth health() {
        return scene.server
                .backups()
                .getBackupHealth(
                        GetBackupHealthRequest.newBuilder().setTarget("main").build())
                .getHealth();
    }

    private static List<Finding> findings() {
        return scene.server
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("backup-damaged")
                        .build())
                .getFindingsList();
    }

    private static double counted() throws Exception {
        int port = scene.server.bean(HttpPort.class).port().orElseThrow();
        return MetricsText.parse(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .value("caretaker_backups_damaged", "target", "main");
    }

    @Test
    @Order(1)
    void each_verification_has_its_record_and_while_all_are_well_nobody_is_told_of_damage() throws Exception {
        damaged = made();
        scene.calls.complete(scene.calls.verifiedByOwnServer(damaged));
        BackupEvidence first = scene.calls.get(damaged).getEvidence();
        assertThat(first.getToolsList()).containsExactly("caretaker development");
        scene.calls.complete(scene.calls.verifiedByOwnServer(damaged));
        Backup twice = scene.calls.get(damaged);
        assertThat(twice.getEvidence().getRunId()).isNotEqualTo(first.getRunId());
        assertThat(twice.getEarlierEvidenceList()).containsExactly(first);

        planned = plan();
        assertThat(planned.getBlocked()).isFalse();
        assertThat(health().getReasonsList()).isEmpty();
        assertThat(findings()).isEmpty();
        await().atMost(LONG).untilAsserted(() -> assertThat(counted()).isZero());
    }

    @Test
    @Order(2)
    void what_is_found_damaged_is_a_finding_worsens_the_health_is_counted_and_meets_no_demand() {
        proven = damaged;
        damaged = made();
        assertThatDamageIsFound(damaged);
        assertThat(findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.getMessage()).contains(damaged));
        BackupHealth health = health();
        assertThat(health.getVerdict()).isEqualTo(BackupHealthVerdict.BACKUP_HEALTH_VERDICT_CRITICAL);
        assertThat(health.getReasonsList())
                .containsExactly("Backup " + damaged + " was found damaged when it was restored.");
        assertThat(health.getNewest().getId()).isEqualTo(proven);
        await().atMost(LONG).untilAsserted(() -> assertThat(counted()).isEqualTo(1));
    }

    private static void assertThatDamageIsFound(String backup) {
        try {
            scene.damage(backup);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(scene.calls
                        .runOf(scene.calls.verifiedByOwnServer(backup))
                        .getError()
                        .getReason())
                .isEqualTo("BACKUP_DAMAGED");
        assertThat(scene.calls.get(backup).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
    }

    @Test
    @Order(3)
    void one_that_is_damaged_takes_nobodys_place_in_retention() {
        String unproven = made();
        assertThatDamageIsFound(made());
        Expired.after(
                Duration.ofHours(1_000),
                "main",
                scene.server.bean(BackupStore.class),
                scene.server.bean(BackupToolsConfig.class));
        assertThat(scene.calls.get(proven).getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
        assertThat(scene.calls.get(unproven).getState())
                .as("nothing but the damage of the newer one keeps it")
                .isEqualTo(BackupState.BACKUP_STATE_STORED);
        scene.server
                .backups()
                .deleteBackup(DeleteBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setBackupId(unproven)
                        .build());
    }

    @Test
    @Order(4)
    void a_plan_that_was_made_while_a_backup_was_well_is_refused_once_it_is_not() {
        assertThatDamageIsFound(proven);
        assertThat(scene.calls.get(proven).getEarlierEvidenceList())
                .extracting(BackupEvidence::getVerdict)
                .containsExactly(BackupVerdict.BACKUP_VERDICT_PROVEN, BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(plan().getBlocked()).isTrue();
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> scene.server
                        .maintenance()
                        .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(planned.getPlanId())
                                .build())
                        .forEachRemaining(event -> {}))
                .withMessageContaining("there is no backup that holds public.jobs");
        assertThat(scene.database("main").number("SELECT count(*) FROM jobs")).isEqualTo(100);
    }

    @Test
    @Order(5)
    void one_whose_manifest_was_changed_is_shown_as_that() throws IOException {
        try (Stream<Path> files = Files.walk(scene.disk())) {
            Path manifest = files.filter(file ->
                            file.toString().contains(proven) && file.toString().endsWith("manifest.json"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(manifest, Files.readString(manifest).replace("jobs", "jots"));
        }
        Backup shown = scene.calls.get(proven);
        assertThat(shown.getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
        assertThat(shown.getProblem())
                .isEqualTo("Backup " + proven + ": the manifest is not the one that was written.");
        assertThat(shown.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(shown.getContentsList()).isEmpty();
    }
}
