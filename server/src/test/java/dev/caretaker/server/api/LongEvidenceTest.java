package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers about backups whose verifications have much to tell, or were very many, are no larger than clients take. */
class LongEvidenceTest {
    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static String proven;

    @BeforeAll
    static void start() throws IOException {
        scene = BackupScene.start(
                folder, Map.of("main", BackupScene.of(TestPostgres.newest(), "CREATE TABLE t AS SELECT 1 AS id")));
        proven = scene.calls.made(backup());
        scene.calls.complete(scene.calls.verified(proven, "main"));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    /** Evidence with 100 long notes, each of them twice in a message, is 0.4 MB. */
    @Test
    void a_page_of_the_list_ends_where_the_answer_would_be_too_large_and_the_next_one_goes_on_there() {
        scene.server
                .store()
                .execute(
                        "INSERT INTO caretaker.backup (backup_id, target, engine, destination, location, request, whole,"
                                + " state, actor, created, snapshot, stored, verified, evidence)"
                                + " SELECT gen_random_uuid(), 'wordy', engine, destination, 'nowhere/' || n || '/', request, whole,"
                                + " state, actor, created, snapshot, stored, verified,"
                                + " jsonb_set(evidence, '{notes}', (SELECT jsonb_agg(repeat('x', 2000)) FROM generate_series(1, 100)))"
                                + " FROM caretaker.backup, generate_series(1, 7) n WHERE backup_id = '" + proven + "'");
        List<Integer> pages = new ArrayList<>();
        List<String> told = new ArrayList<>();
        String token = "";
        do {
            ListBackupsResponse page = scene.server
                    .backups()
                    .listBackups(ListBackupsRequest.newBuilder()
                            .setTarget("wordy")
                            .setPageToken(token)
                            .build());
            page.getBackupsList().forEach(backup -> told.add(backup.getBackupId()));
            pages.add(page.getBackupsCount());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(pages).containsExactly(2, 2, 2, 1);
        assertThat(told).doesNotHaveDuplicates();
    }

    @Test
    void of_very_many_verifications_those_that_are_not_told_are_counted() {
        scene.server
                .store()
                .execute("INSERT INTO caretaker.backup_evidence (backup_id, run_id, ended, evidence)"
                        + " SELECT backup_id, run, ended - n * interval '1 hour', jsonb_set(evidence, '{run}', to_jsonb(run))"
                        + " FROM caretaker.backup_evidence, generate_series(1, 250) n,"
                        + " LATERAL (SELECT gen_random_uuid() AS run WHERE n > 0) made"
                        + " WHERE backup_id = '" + proven + "'");
        Backup told = scene.calls.get(proven);
        assertThat(told.getEarlierEvidenceList())
                .hasSize(199)
                .extracting(BackupEvidence::getRunId)
                .doesNotHaveDuplicates()
                .doesNotContain(told.getEvidence().getRunId());
        assertThat(told.getEarlierEvidenceLeftOut()).isEqualTo(250 - 199);
    }
}
