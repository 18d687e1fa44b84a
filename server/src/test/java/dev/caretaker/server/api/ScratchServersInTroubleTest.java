package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.SmallDisk;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifications whose own PostgreSQL is killed, or has no room left, while rows are loaded: that says nothing against the backup. */
class ScratchServersInTroubleTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir
    private static Path folder;

    private static SmallDisk spool;
    private static BackupScene scene;

    @BeforeAll
    static void start() throws Exception {
        spool = SmallDisk.at(folder.resolve("spool"), 300);
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main",
                        BackupScene.of(
                                TestPostgres.newest(),
                                "CREATE FUNCTION slow() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_database() LIKE"
                                        + " 'caretaker\\_verify\\_%' THEN PERFORM pg_sleep(0.004); END IF; RETURN true; END $$",
                                "CREATE TABLE t (n int CHECK (public.slow()), v text)",
                                "ALTER TABLE t ALTER v SET STORAGE EXTERNAL",
                                "INSERT INTO t SELECT n, repeat(md5(n::text), 200) FROM generate_series(1, 2000) n")));
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
        spool.close();
    }

    private static Iterator<VerifyBackupResponse> verification(String backup) {
        return scene.server
                .backups()
                .verifyBackup(VerifyBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(backup)
                        .setActor("test")
                        .build());
    }

    /** The postmaster that loads rows. */
    private static ProcessHandle loading() {
        await().atMost(LONG)
                .until(() ->
                        ScratchPostmasters.in(folder.resolve("spool")).stream().anyMatch(ScratchPostmasters::loads));
        return ScratchPostmasters.in(folder.resolve("spool")).getFirst();
    }

    @Test
    void a_scratch_server_that_is_killed_is_made_anew_and_the_backup_proven() {
        String id = scene.calls.made(backup());
        Iterator<VerifyBackupResponse> stream = verification(id);
        loading().destroyForcibly();
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        assertThat(scene.calls.get(id).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(scene.calls.get(id).getEarlierEvidenceList()).isEmpty();
        await().atMost(LONG)
                .until(() -> ScratchPostmasters.in(folder.resolve("spool")).isEmpty());
    }

    @Test
    void a_scratch_server_that_has_no_room_left_fails_the_verification_and_leaves_the_backup_as_it_was()
            throws IOException {
        assumeThat(spool.isSmall()).as("a small file system can be made here").isTrue();
        String id = scene.calls.made(backup());
        Iterator<VerifyBackupResponse> stream = verification(id);
        loading();
        spool.fill(0);
        String run = scene.calls.ended(stream, message -> message.getEvent());
        Run ended = scene.calls.runOf(run);
        assertThat(ended.getOutcome()).as(ended.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(scene.calls.get(id).hasEvidence()).isFalse();
        await().atMost(LONG)
                .until(() -> ScratchPostmasters.in(folder.resolve("spool")).isEmpty());

        spool.free();
        scene.calls.complete(scene.calls.verifiedByOwnServer(id));
        assertThat(scene.calls.get(id).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(Files.exists(folder.resolve("spool"))).isTrue();
    }
}
