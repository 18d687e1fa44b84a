package dev.caretaker.server.api;

import static dev.caretaker.server.api.TroubleScene.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores whose connection is cut, and backups that meet one another: nothing half-made is ever listed. */
class BackupsInTroubleTest {
    @TempDir
    private static Path folder;

    private static TroubleScene scene;

    @BeforeAll
    static void start() throws IOException {
        scene = new TroubleScene(folder, Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    @Test
    void a_backup_whose_connection_is_cut_begins_again_and_leaves_no_part_of_the_first_attempt() throws Exception {
        try (Connection other = scene.held()) {
            Iterator<RunBackupResponse> stream =
                    scene.server.backups().runBackup(backup("far").build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.readers() > 0);
            scene.wire.cut();
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.readers() == 0);
            assertThat(scene.listed()).doesNotContain(id);
            scene.wire.mend();
            other.rollback();
            scene.complete(stream, id);
            assertThat(scene.listed()).contains(id);
        }
    }

    @Test
    void a_restore_whose_connection_is_cut_is_not_begun_again_either() throws Exception {
        String backup = scene.slowly();
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement()) {
            statement.execute("SET application_name = 'caretaker-test-slowly'");
            String id = scene.server
                    .backups()
                    .restoreBackup(TroubleScene.restoration(backup, "far"))
                    .next()
                    .getEvent()
                    .getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.restoring() == 1);
            scene.wire.cut();
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.restoring() == 0);
            scene.wire.mend();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(scene.run(id).getError().getMessage()).contains("Empty it, and restore again.");
        }
        scene.target.execute("DROP SCHEMA slowly CASCADE");
    }

    @Test
    void two_backups_of_one_database_go_one_after_the_other() throws Exception {
        try (Connection other = scene.held()) {
            Iterator<RunBackupResponse> first =
                    scene.server.backups().runBackup(backup("main").build());
            String one = first.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.readers() > 0);
            Iterator<RunBackupResponse> second =
                    scene.server.backups().runBackup(backup("main").build());
            String two = second.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.run(two).getState() == RunState.RUN_STATE_WAITING_LOCK);
            other.rollback();
            scene.complete(first, one);
            scene.complete(second, two);
        }
    }

    /** The second backup has read in its request what there is, and waits for the first; then the table goes while it looks again. */
    @Test
    void a_backup_during_whose_beginning_a_table_is_dropped_begins_again_without_it() throws Exception {
        scene.target.execute(
                "CREATE SCHEMA passing",
                "CREATE TABLE passing.stays (id int)",
                "INSERT INTO passing.stays VALUES (1)",
                "CREATE TABLE passing.goes (id int)");
        Iterator<RunBackupResponse> second;
        String id;
        try (Connection dropping = scene.target.connect();
                Statement statement = dropping.createStatement()) {
            try (Connection other = scene.held()) {
                Iterator<RunBackupResponse> first =
                        scene.server.backups().runBackup(backup("main").build());
                String one = first.next().getEvent().getRunId();
                await().atMost(60, TimeUnit.SECONDS).until(() -> scene.readers() > 0);
                second = scene.server
                        .backups()
                        .runBackup(backup("main")
                                .setSelection(BackupSelection.newBuilder().addSchemas("passing"))
                                .build());
                id = second.next().getEvent().getRunId();
                await().atMost(60, TimeUnit.SECONDS)
                        .until(() -> scene.run(id).getState() == RunState.RUN_STATE_WAITING_LOCK);
                dropping.setAutoCommit(false);
                statement.execute("DROP TABLE passing.goes");
                other.rollback();
                scene.complete(first, one);
            }
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.target.number("SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                    + " 'caretaker/backup " + id + "' AND wait_event_type = 'Lock'")
                            == 1);
            dropping.commit();
        }
        List<String> warnings = new ArrayList<>();
        second.forEachRemaining(
                message -> warnings.add(message.getEvent().getWarning().getCode()));
        Run run = scene.run(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(warnings).containsOnlyOnce("BACKUP_BEGINS_AGAIN");
        assertThat(scene.get(id).getContentsList())
                .singleElement()
                .satisfies(table -> assertThat(table.getTable().getName()).isEqualTo("stays"));
    }
}
