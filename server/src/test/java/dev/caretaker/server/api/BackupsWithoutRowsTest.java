package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.RunOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backups that leave out rows as ordered, to which rows that are in them refer. */
class BackupsWithoutRowsTest {
    private static final String[] REFERRING = {
        "CREATE TABLE \"Big \"\"one\" (id int PRIMARY KEY) PARTITION BY HASH (id)",
        "CREATE TABLE \"big, 0\" PARTITION OF \"Big \"\"one\" FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "CREATE TABLE plain (id int PRIMARY KEY)",
        "CREATE TABLE kept (id int PRIMARY KEY)",
        "CREATE TABLE small (id int PRIMARY KEY, \"the (big)\" int, CONSTRAINT \"to \"\"big\" FOREIGN KEY (\"the (big)\")"
                + " REFERENCES \"Big \"\"one\", plain int REFERENCES plain, kept int REFERENCES kept)",
        "COMMENT ON CONSTRAINT \"to \"\"big\" ON small IS 'which one'",
        "CREATE TABLE none (id int PRIMARY KEY, big int REFERENCES \"Big \"\"one\")",
        "INSERT INTO \"Big \"\"one\" VALUES (1), (2)",
        "INSERT INTO plain VALUES (1)",
        "INSERT INTO kept VALUES (1)",
        "INSERT INTO small VALUES (1, 2, NULL, 1)",
    };

    private static final String TO_BIG = "Foreign key to \"big of public.small may not come back: it refers to rows of"
            + " public.Big \"one, which are not in the backup, as ordered.";
    private static final String TO_PLAIN =
            "Foreign key small_plain_fkey of public.small may not come back: it refers to"
                    + " rows of public.plain, which are not in the backup, as ordered.";

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        databases.put("main", BackupScene.of(TestPostgres.newest()));
        TestPostgres.all().forEach((major, postgres) -> {
            databases.put("source-" + major, BackupScene.of(postgres, REFERRING));
            databases.put("again-" + major, BackupScene.of(postgres));
            databases.put("parts-" + major, BackupScene.of(postgres));
        });
        scene = BackupScene.start(folder, databases);
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"14, BACKUP_ENGINE_TABLE_COPY", "18, BACKUP_ENGINE_TABLE_COPY", "15, BACKUP_ENGINE_PG_DUMP"})
    void foreign_keys_to_rows_that_are_left_out_are_told_and_no_fault(int major, BackupEngine engine) {
        String id = made(major, engine);
        assertThat(calls.get(id).getNotContainedList())
                .containsExactlyInAnyOrder(
                        "The rows of public.big, 0 are not in the backup, as ordered.",
                        "The rows of public.plain are not in the backup, as ordered.",
                        TO_BIG,
                        TO_PLAIN);

        calls.complete(calls.verified(id, "again-" + major));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).as(evidence.toString()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList())
                .as("the key, its comment, and that both lack")
                .filteredOn(note -> note.contains("to \"big"))
                .anySatisfy(note -> assertThat(note).contains("could not be made"))
                .anySatisfy(
                        note -> assertThat(note).isEqualTo("Missing: foreign key public.to \"big of public.small."));

        assertThat(scene.server
                        .backups()
                        .previewRestore(PreviewRestoreRequest.newBuilder()
                                .setBackupId(id)
                                .setTarget("parts-" + major)
                                .addTables(table("public", "Big \"one"))
                                .addTables(table("public", "small"))
                                .build())
                        .getLeftOutList())
                .contains(TO_BIG, "Table public.big, 0 would be empty: its rows are not in the backup.");

        Database again = scene.database("again-" + major);
        String restored = calls.restored(restore(id).setTarget("again-" + major));
        calls.complete(restored);
        assertThat(calls.warnings(restored)).contains(TO_BIG);
        assertThat(again.number("SELECT count(*) FROM small")).isEqualTo(1);
        assertThat(again.number("SELECT count(*) FROM \"Big \"\"one\"")).isZero();
        assertThat(again.value("SELECT string_agg(conname, ', ' ORDER BY conname) FROM pg_constraint"
                        + " WHERE contype = 'f' AND conparentid = 0"))
                .isEqualTo("none_big_fkey, small_kept_fkey, small_plain_fkey");
    }

    @ParameterizedTest
    @CsvSource({"18, BACKUP_ENGINE_TABLE_COPY", "15, BACKUP_ENGINE_PG_DUMP"})
    void a_foreign_key_that_rows_of_the_backup_break_is_a_fault_all_the_same(int major, BackupEngine engine) {
        Database source = scene.database("source-" + major);
        source.execute("SET session_replication_role = replica; INSERT INTO small VALUES (2, NULL, NULL, 7)");
        String id = made(major, engine);
        source.execute("DELETE FROM small WHERE id = 2");
        assertThat(calls.runOf(calls.verified(id, "parts-" + major)).getOutcome())
                .isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(evidence.getFaultsList())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).contains("small_kept_fkey"));
    }

    private static String made(int major, BackupEngine engine) {
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            Installed.assume(major, folder.resolve("installed"));
        }
        return calls.made(backup().setTarget("source-" + major)
                .setEngine(engine)
                .setSelection(BackupSelection.newBuilder()
                        .addWithoutRows(table("public", "Big \"one"))
                        .addWithoutRows(table("public", "plain"))));
    }
}
