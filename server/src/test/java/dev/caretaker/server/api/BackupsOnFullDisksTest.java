package dev.caretaker.server.api;

import static dev.caretaker.server.api.TroubleScene.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.SmallDisk;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups for which there is no room, in the spool or at their destination: nothing half-made is ever listed. */
class BackupsOnFullDisksTest {
    @TempDir
    private static Path folder;

    private static TroubleScene scene;
    private static SmallDisk spool;
    private static SmallDisk cramped;

    @BeforeAll
    static void start() throws Exception {
        spool = SmallDisk.at(folder.resolve("spool"), 16);
        cramped = SmallDisk.at(folder.resolve("cramped"), 8);
        scene = new TroubleScene(
                folder,
                Map.of(
                        "caretaker.archives.destinations.cramped.type",
                        "directory",
                        "caretaker.archives.destinations.cramped.path",
                        folder.resolve("cramped").toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
        spool.close();
        cramped.close();
    }

    @Test
    void a_destination_that_is_full_ends_a_backup_by_name_nothing_of_it_stays_and_the_next_one_has_its_room()
            throws Exception {
        assumeThat(cramped.isSmall()).as("a small file system can be made here").isTrue();
        cramped.fill(4_096);
        String full = toCramped();
        Run run = scene.run(full);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("DESTINATION_UNREACHABLE");
        assertThat(run.getError().getMessage())
                .startsWith("Destination cramped: ")
                .contains("No space left on device");
        await().atMost(60, TimeUnit.SECONDS).until(() -> scene.get(full).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(scene.listed()).doesNotContain(full);

        cramped.free();
        String next = toCramped();
        assertThat(scene.run(next).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.listed()).contains(next);
        await().atMost(150, TimeUnit.SECONDS).untilAsserted(() -> {
            try (Stream<Path> left = Files.walk(folder.resolve("cramped"))) {
                assertThat(left.filter(Files::isRegularFile))
                        .as("a part and the manifest of the one that was made")
                        .hasSize(2)
                        .allMatch(file -> file.toString().contains(next));
            }
        });
    }

    @Test
    void a_full_disk_ends_a_backup_by_name_and_nothing_of_it_stays() throws Exception {
        assumeThat(spool.isSmall()).as("a small file system can be made here").isTrue();
        scene.target.execute("CREATE TABLE large AS SELECT n, repeat('x', 1280) AS v FROM generate_series(1, 30000) n");
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(backup("main")
                        .setCompression("none")
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder().setName("large")))
                        .build());
        String id = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        Run run = scene.run(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("SPOOL_FAILED");
        await().atMost(60, TimeUnit.SECONDS).until(() -> scene.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(scene.listed()).doesNotContain(id);
        assertThat(scene.files(id)).isZero();
        try (Stream<Path> left = Files.walk(folder.resolve("spool/copies"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static String toCramped() {
        scene.target.execute(
                "CREATE TABLE IF NOT EXISTS filling AS SELECT n, sha512(n::text::bytea) AS v FROM generate_series(1, 20000) n");
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(backup("main")
                        .setDestination("cramped")
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder().setName("filling")))
                        .build());
        String id = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        return id;
    }
}
