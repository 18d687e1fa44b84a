package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups are verified on the server that they were taken from only when that is allowed, and its disk is known and has room. */
class ScratchRefusalsTest {
    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;
    private static String backup;

    @BeforeAll
    static void start() throws IOException {
        Database source = BackupScene.of(
                TestPostgres.newest(), "CREATE TABLE t AS SELECT n, 'row ' || n AS v FROM generate_series(1, 1000) n");
        Database scratch = BackupScene.of(TestPostgres.newest());
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", source,
                        "roomy", scratch,
                        "small", scratch,
                        "elsewhere", BackupScene.of(TestPostgres.oldest())),
                Map.of(
                        "caretaker.targets.small.free-disk-space", "1kB",
                        "caretaker.targets.unknown.url", scratch.url(),
                        "caretaker.targets.unknown.user", scratch.user(),
                        "caretaker.targets.unknown.password", scratch.password()));
        calls = scene.calls;
        backup = calls.made(backup());
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void the_server_of_the_backup_is_refused_unless_it_is_allowed() {
        ErrorDetails refused = refused("roomy", false);
        assertThat(refused.reason()).isEqualTo("SCRATCH_REFUSED");
        assertThat(refused.thrown()).hasMessageContaining("allow_same_server");
        calls.complete(calls.verified(backup, "roomy"));
        assertThat(calls.get(backup).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
    }

    @Test
    void it_is_refused_as_long_as_nobody_knows_how_much_room_its_disk_has() {
        assertThat(refused("unknown", false).reason()).isEqualTo("SCRATCH_REFUSED");
        ErrorDetails refused = refused("unknown", true);
        assertThat(refused.reason()).isEqualTo("DISK_SPACE_UNKNOWN");
        assertThat(refused.thrown()).hasMessageContaining("free-disk-space of target unknown");
    }

    @Test
    void it_is_refused_if_its_disk_has_too_little_room() {
        ErrorDetails refused = refused("small", true);
        assertThat(refused.reason()).isEqualTo("DISK_SPACE_SHORT");
        assertThat(refused.thrown()).hasMessageContaining("target small has").hasMessageContaining("free");
    }

    @Test
    void an_older_server_is_refused() {
        assertThat(refused("elsewhere", false).reason()).isEqualTo("UNSUPPORTED_SERVER");
    }

    private static ErrorDetails refused(String scratch, boolean allowSameServer) {
        ErrorDetails refused = ErrorDetails.of(() -> scene.server
                .backups()
                .verifyBackup(VerifyBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(backup)
                        .setScratchTarget(scratch)
                        .setAllowSameServer(allowSameServer)
                        .setActor("test")
                        .build())
                .next());
        assertThat(scene.database("main")
                        .number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                .as("scratch databases")
                .isZero();
        return refused;
    }
}
