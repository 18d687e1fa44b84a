package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestStandby;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A primary and its standby: target "main" is the primary, with the standby as its replica; "standby" is the standby; and "moving" the
 * primary until a wire leads elsewhere.
 */
class StandbyBackupsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static TestStandby servers;
    private static Database primary;
    private static Database standby;
    private static TcpProxy wire;
    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws Exception {
        servers = TestStandby.start(EmbeddedServer.DUMPED);
        primary = servers.primary().database();
        primary.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 100) n");
        standby = servers.onStandby(primary);
        servers.catchUp();
        wire = new TcpProxy(primary.server().host(), primary.server().port());
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", primary,
                        "moving", primary,
                        "standby", standby,
                        "empty", BackupScene.of(TestPostgres.dumped())),
                Map.of(
                        "caretaker.targets.main.replica-url", standby.url(),
                        "caretaker.targets.moving.url", wire.url(primary.name())));
        calls = scene.calls;
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
        wire.close();
        servers.close();
    }

    private static List<Backup> all(String target) {
        return scene.server
                .backups()
                .listBackups(ListBackupsRequest.newBuilder()
                        .setTarget(target)
                        .setIncludeAll(true)
                        .build())
                .getBackupsList();
    }

    @ParameterizedTest
    @EnumSource(
            value = BackupEngine.class,
            names = {"BACKUP_ENGINE_TABLE_COPY", "BACKUP_ENGINE_PG_DUMP"})
    void a_standby_is_refused_by_name_whatever_the_engine_and_nothing_of_it_is_kept(BackupEngine engine) {
        ErrorDetails refused =
                ErrorDetails.of(() -> calls.run(backup().setTarget("standby").setEngine(engine)));
        assertThat(refused.code()).isEqualTo("FAILED_PRECONDITION");
        assertThat(refused.reason()).isEqualTo("IS_STANDBY");
        assertThat(refused.thrown()).hasMessageContaining("Target standby is a standby where a primary is needed.");
        assertThat(all("standby")).isEmpty();
        assertThat(standby.number(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'caretaker/backup %'"))
                .isZero();
    }

    @Test
    void a_backup_is_read_from_the_primary_and_neither_proven_at_a_standby_nor_restored_into_one() {
        servers.pauseReplay();
        String id;
        try {
            primary.execute("INSERT INTO t VALUES (101, 'not replayed')");
            id = calls.made(backup());
            assertThat(standby.number("SELECT count(*) FROM t")).isEqualTo(100);
        } finally {
            servers.resumeReplay();
        }
        assertThat(calls.get(id).getRows()).isEqualTo(101);
        assertThat(ErrorDetails.of(() -> calls.verified(id, "standby")).reason())
                .isEqualTo("IS_STANDBY");
        assertThat(ErrorDetails.of(() -> calls.restored(restore(id).setTarget("standby")))
                        .reason())
                .isEqualTo("IS_STANDBY");
        calls.complete(calls.verified(id));
        primary.execute("DELETE FROM t WHERE id = 101");
        servers.catchUp();
    }

    @Test
    void health_says_which_of_the_two_it_looked_at_and_that_nothing_can_be_done_at_a_standby() {
        Health ofStandby = health("standby");
        assertThat(ofStandby.getCheck().getInRecovery()).isTrue();
        assertThat(ofStandby.getCheck().getServerVersion()).isNotEmpty();
        assertThat(ofStandby.getVerdict()).isEqualTo(HealthVerdict.HEALTH_VERDICT_CRITICAL);
        assertThat(ofStandby.getReasonsList())
                .filteredOn(reason -> reason.getCode() == HealthReasonCode.HEALTH_REASON_CODE_TARGET_PROBLEM)
                .extracting(HealthReason::getVerdict, HealthReason::getMessage)
                .contains(tuple(
                        HealthVerdict.HEALTH_VERDICT_CRITICAL,
                        "What is configured as the primary is a standby: nothing can be removed there."));

        Health ofPrimary = health("main");
        assertThat(ofPrimary.getCheck().getInRecovery()).isFalse();
        assertThat(ofPrimary.getCheck().getSystemIdentifier())
                .isEqualTo(ofStandby.getCheck().getSystemIdentifier());
        assertThat(ofPrimary.getReasonsList())
                .extracting(HealthReason::getMessage)
                .noneMatch(message -> message.startsWith("What is configured as the primary is a standby"));
    }

    private static Health health(String target) {
        return scene.server
                .health()
                .getHealth(GetHealthRequest.newBuilder().setTarget(target).build())
                .getHealth();
    }

    /** After a switchover an address may lead to the standby. */
    @Test
    void one_that_has_not_begun_when_its_target_becomes_a_standby_fails_by_name_and_is_not_listed() throws Exception {
        Iterator<RunBackupResponse> stream;
        String id;
        try (Connection other = primary.connect();
                Statement fence = other.createStatement()) {
            fence.execute("SELECT pg_advisory_lock(" + Session.FENCE_CLASS + ", CAST(oid AS int)) FROM pg_database"
                    + " WHERE datname = current_database()");
            stream = scene.server
                    .backups()
                    .runBackup(backup().setTarget("moving").build());
            id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> calls.runOf(id).getState() == RunState.RUN_STATE_WAITING_LOCK);
            wire.leadTo(standby.server().host(), standby.server().port());
            calls.ended(stream, message -> message.getEvent());
        }
        Run run = calls.runOf(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("IS_STANDBY");
        await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(calls.get(id).getProblem()).contains("is a standby where a primary is needed");
        assertThat(scene.files(id)).isZero();
    }
}
