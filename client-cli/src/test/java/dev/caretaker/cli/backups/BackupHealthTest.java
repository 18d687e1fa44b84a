package dev.caretaker.cli.backups;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ArchiverState;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupProof;
import dev.caretaker.v1.BackupToolState;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetBackupHealthResponse;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RecordExternalBackupResponse;
import dev.caretaker.v1.ToolBackup;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackupHealthTest {
    private static final BackupHealth SHOP = BackupHealth.newBuilder()
            .setTarget("shop")
            .setVerdict(BackupHealthVerdict.BACKUP_HEALTH_VERDICT_ATTENTION)
            .addReasons("No backup was ever proven by restoring it.")
            .setNewest(BackupProof.newBuilder()
                    .setMaker("pgbackrest")
                    .setId("20261129-020000F")
                    .setAge(Duration.newBuilder().setSeconds(7_200)))
            .setExpectedWithin(Duration.newBuilder().setSeconds(36 * 3_600))
            .setExpectedVerifiedWithin(Duration.newBuilder().setSeconds(35 * 86_400))
            .setArchiver(
                    ArchiverState.newBuilder().setEnabled(true).setFailing(true).setFailed(3))
            .addTools(BackupToolState.newBuilder()
                    .setTool("pgbackrest")
                    .setName("main")
                    .addBackups(
                            ToolBackup.newBuilder().setId("20261129-020000F").setKind("full"))
                    .addBackups(ToolBackup.newBuilder().setId("old").setProblem("was made of another cluster, 7")))
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_verdict_comes_first_and_what_others_have_is_listed() {
        server.on(
                "GetBackupHealth",
                GetBackupHealthRequest.class,
                request -> GetBackupHealthResponse.newBuilder().setHealth(SHOP).build());
        Cli.Result result = Cli.to(server).run("backups", "health", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "attention",
                        "2h 00m old, by pgbackrest (20261129-020000F); expected within 1d 12h",
                        "none ever; expected within 35d 0h",
                        "failing; no file yet; 3 attempts failed",
                        "No backup was ever proven by restoring it.",
                        "pgbackrest main",
                        "was made of another cluster, 7");
        assertThat(Cli.to(server)
                        .run("backups", "health", "--target", "shop", "--fail-on", "attention")
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void a_snapshot_is_recorded_as_it_is_told() {
        AtomicReference<RecordExternalBackupRequest> asked = new AtomicReference<>();
        server.on("RecordExternalBackup", RecordExternalBackupRequest.class, request -> {
            asked.set(request);
            return RecordExternalBackupResponse.getDefaultInstance();
        });
        Cli.Result result = Cli.to(server)
                .run(
                        "backups",
                        "record",
                        "--target",
                        "shop",
                        "--source",
                        "ebs",
                        "--reference",
                        "snap-1",
                        "--time",
                        "2026-11-29T02:00:00Z",
                        "--size",
                        "2kB");
        assertThat(result.exitCode()).isZero();
        assertThat(asked.get().getTime())
                .isEqualTo(Timestamp.newBuilder().setSeconds(1_795_917_600).build());
        assertThat(asked.get().getBytes()).isEqualTo(2_048);
        assertThat(asked.get().hasVerifyTime()).isFalse();
        assertThat(Cli.to(server)
                        .run(
                                "backups",
                                "record",
                                "--target",
                                "shop",
                                "--source",
                                "ebs",
                                "--reference",
                                "x",
                                "--time",
                                "yesterday")
                        .err())
                .contains("--time: 'yesterday' is not an instant");
    }
}
