package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.testing.SmallDisk;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A pg_dump of this machine whose files find no room, in the spool or at their destination: nothing half-made is listed. Skipped where there
 * is none, and where no small file system can be made.
 */
class PgDumpOnFullDisksTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path folder;

    private static SmallDisk spool;
    private static SmallDisk cramped;
    private static BackupScene scene;

    /** Some 14 MB of rows, and some that have room everywhere. */
    @BeforeAll
    static void start() throws Exception {
        PostgresTools.Tools tools = Installed.assume(14, folder.resolve("installed"));
        spool = SmallDisk.at(folder.resolve("spool"), 48);
        cramped = SmallDisk.at(folder.resolve("cramped"), 8);
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main",
                        BackupScene.of(
                                TestPostgres.oldest(),
                                "CREATE TABLE large AS SELECT n, sha512(n::text::bytea) AS v FROM generate_series(1, 100000) n",
                                "CREATE TABLE little AS SELECT n FROM generate_series(1, 1000) n")),
                Map.of(
                        "caretaker.data-dir",
                        folder.resolve("data").toString(),
                        "caretaker.backups.postgres-bin",
                        tools.dump().getParent().toString(),
                        "caretaker.archives.destinations.cramped.type",
                        "directory",
                        "caretaker.archives.destinations.cramped.path",
                        folder.resolve("cramped").toString(),
                        "caretaker.engine.retries",
                        "3",
                        "caretaker.engine.retry-backoff",
                        "100ms"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (scene != null) {
            scene.close();
            cramped.close();
            spool.close();
        }
    }

    @BeforeEach
    void there_are_small_disks() {
        assumeThat(spool.isSmall() && cramped.isSmall())
                .as("a small file system can be made here")
                .isTrue();
    }

    @AfterEach
    void nothing_lies_in_the_spool() throws IOException {
        spool.free();
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(folder.resolve("spool/dumps")).isEmptyDirectory();
            assertThat(folder.resolve("data/children")).isEmptyDirectory();
        });
    }

    private static RunBackupRequest.Builder dump(String name, BackupDumpFormat format) {
        return backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                .setDumpFormat(format)
                .setCompression("none")
                .setSelection(BackupSelection.newBuilder().addTables(table("public", name)));
    }

    private static Run failed(String id) {
        Run run = scene.calls.runOf(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        await().atMost(LONG).until(() -> scene.calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(listed()).doesNotContain(id);
        return run;
    }

    private static List<String> listed() {
        return scene.server.backups().listBackups(ListBackupsRequest.getDefaultInstance()).getBackupsList().stream()
                .map(Backup::getBackupId)
                .toList();
    }

    private static long filesAtCramped(String id) {
        try (Stream<Path> files = Files.walk(folder.resolve("cramped"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(id))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP_DUMP_FORMAT_DIRECTORY", "BACKUP_DUMP_FORMAT_CUSTOM"})
    void a_pg_dump_for_which_the_spool_has_no_room_is_tried_again_and_fails_by_name(BackupDumpFormat format)
            throws IOException {
        spool.fill(6 * MEGABYTE);
        String id = scene.calls.run(dump("large", format));
        Run run = failed(id);
        assertThat(run.getError().getReason()).isEqualTo("SPOOL_FAILED");
        assertThat(run.getError().getMessage()).contains("pg_dump found no space left on the device");
        assertThat(run.getTotals().getRetries()).isEqualTo(3);
        assertThat(scene.files(id)).isZero();
        assertThat(scene.calls.get(scene.calls.made(dump("little", format))).getRows())
                .isEqualTo(1_000);
    }

    @Test
    void one_that_finds_room_at_another_try_is_made() throws IOException {
        spool.fill(6 * MEGABYTE);
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(dump("large", BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY)
                        .build());
        List<RunEvent> events = new ArrayList<>();
        while (stream.hasNext()) {
            RunEvent event = stream.next().getEvent();
            events.add(event);
            if (event.getWarning().getCode().equals("BATCH_RETRIED")) {
                spool.free();
            }
        }
        String id = scene.calls.complete(events.getLast().getRunId());
        assertThat(events)
                .filteredOn(event -> event.getWarning().getCode().equals("BATCH_RETRIED"))
                .isNotEmpty();
        assertThat(scene.calls.get(id).getRows()).isEqualTo(100_000);
        assertThat(scene.files(id)).as("table of contents, rows, manifest").isEqualTo(3);
        assertThat(listed()).contains(id);
    }

    @Test
    void a_dump_for_which_its_destination_has_no_room_fails_by_name_and_nothing_of_it_stays_there() {
        String id = scene.calls.run(
                dump("large", BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY).setDestination("cramped"));
        Run run = failed(id);
        assertThat(run.getError().getReason()).isEqualTo("DESTINATION_UNREACHABLE");
        assertThat(run.getError().getMessage())
                .startsWith("Destination cramped: ")
                .contains("No space left on device");
        await().atMost(Duration.ofSeconds(150)).until(() -> filesAtCramped(id) == 0);
        String next = scene.calls.made(
                dump("little", BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY).setDestination("cramped"));
        assertThat(listed()).contains(next);
    }
}
