package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where backups are proven, and backups that are held back. */
class BackupProofsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", BackupScene.of(TestPostgres.newest(), OneOfEverything.STATEMENTS),
                        "empty", BackupScene.of(TestPostgres.newest()),
                        "sorted", sorted(TestPostgres.newest()),
                        "sorted-before", sorted(TestPostgres.oldest()),
                        "held",
                                BackupScene.of(
                                        TestPostgres.newest(),
                                        "CREATE TABLE t (id serial)",
                                        "INSERT INTO t SELECT FROM generate_series(1, 1000)"),
                        "extended",
                                BackupScene.of(
                                        TestPostgres.oldest(),
                                        "CREATE EXTENSION adminpack",
                                        "CREATE TABLE good AS SELECT n FROM generate_series(1, 100) n",
                                        "CREATE TABLE odd (id int, gone boolean DEFAULT"
                                                + " pg_catalog.pg_file_unlink('nothing'))",
                                        "INSERT INTO odd VALUES (1, true)"),
                        "hidden", BackupScene.of(TestPostgres.oldest(), HIDDEN)));
        calls = scene.calls;
    }

    /** An extension that lacks elsewhere, with all that depends on it, and an index that changes a row whenever it is made. */
    private static final String[] HIDDEN = {
        "CREATE EXTENSION adminpack",
        "CREATE TABLE odd (id int, gone boolean DEFAULT pg_catalog.pg_file_unlink('nothing'))",
        "DO $$ BEGIN FOR i IN 1..101 LOOP EXECUTE format('CREATE INDEX %I ON odd (id)', 'odd_' || i); END LOOP; END $$",
        "CREATE TABLE changed (id int)",
        "INSERT INTO changed VALUES (1)",
        "CREATE FUNCTION changes() RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                + " UPDATE public.changed SET id = id + 1; RETURN 1; END $$",
        "CREATE FUNCTION hides(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
                + " RETURN (SELECT public.changes()); END $$",
        "CREATE TABLE other AS SELECT 1 AS n",
        "CREATE INDEX ON other (hides(n))"
    };

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void a_server_of_its_own_proves_a_backup_and_makes_up_for_the_roles_that_it_lacks() throws IOException {
        Database source = scene.database("main");
        Database owner = source.role("shopkeeper");
        source.execute("ALTER TABLE shop.cache OWNER TO \"" + owner.user() + "\"");
        String id = calls.made(backup());
        calls.complete(calls.verifiedByOwnServer(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getPlace()).startsWith("embedded PostgreSQL 18");
        assertThat(evidence.getNotesList()).anySatisfy(note -> assertThat(note).contains(owner.user()));
        try (Stream<Path> left = Files.list(scene.spool())) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("scratch-")))
                    .isEmpty();
        }
    }

    /** Its indexes were built with another version of the library, as far as it knows. */
    private static Database sorted(TestPostgres postgres) {
        return BackupScene.of(
                postgres,
                "CREATE TABLE words (word text COLLATE \"de-x-icu\" PRIMARY KEY)",
                "INSERT INTO words VALUES ('Zebra'), ('Äpfel')",
                "UPDATE pg_collation SET collversion = '0.1' WHERE collname = 'de-x-icu'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sorted", "sorted-before"})
    void indexes_that_the_source_has_in_another_order_than_its_library_says_are_told_with_the_backup_and_its_proof(
            String target) {
        String id = calls.made(backup().setTarget(target));
        assertThat(calls.warnings(id))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith("Collation pg_catalog.de-x-icu (icu) is recorded as version 0.1"));
        calls.complete(calls.verified(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList())
                .filteredOn(note -> note.startsWith("Collation pg_catalog.de-x-icu"))
                .hasSize(1);
    }

    @Test
    void what_lacks_where_it_is_restored_because_of_an_extension_is_told_and_the_rest_is_proven_in_part() {
        String id = calls.made(backup().setTarget("extended"));
        calls.complete(calls.verified(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
        assertThat(evidence.getRows()).isEqualTo(100);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).startsWith("Extension pg_catalog.adminpack could not be made"))
                .anySatisfy(note -> assertThat(note).startsWith("Table public.odd could not be made"));

        if (Installed.hasServer(14, folder.resolve("installed"))) {
            return;
        }
        String own = calls.verifiedByOwnServer(id);
        assertThat(calls.runOf(own).getError().getReason())
                .as("a newer server of its own")
                .isEqualTo("UNSUPPORTED_SERVER");
        assertThat(calls.runOf(own).getError().getMessage()).contains("name a scratch_target that runs 14");
    }

    @Test
    void however_much_lacks_for_want_of_an_extension_a_row_that_was_changed_is_found() {
        String id = calls.made(backup().setTarget("hidden"));
        String run = calls.verified(id);
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(evidence.getFaultsList())
                .singleElement()
                .asString()
                .startsWith("Table public.changed has other values");
        assertThat(evidence.getNotesList()).hasSize(100).last().asString().matches("And 1\\d\\d more\\.");
        assertThat(calls.runOf(run).getError().getReason()).isEqualTo("BACKUP_DAMAGED");
    }

    @Test
    void a_backup_that_is_paused_lets_its_snapshot_go_and_one_that_is_cancelled_leaves_nothing() throws Exception {
        Iterator<RunBackupResponse> stream;
        String id;
        try (Connection other = held()) {
            stream = scene.server.backups().runBackup(backup().setTarget("held").build());
            id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> holders() > 0);
            scene.server
                    .runs()
                    .pauseRun(PauseRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            await().atMost(LONG).until(() -> calls.runOf(id).getState() == RunState.RUN_STATE_PAUSED);
            await().atMost(LONG).until(() -> holders() == 0);
            other.rollback();
        }
        assertThat(scene.server
                        .backups()
                        .listBackups(ListBackupsRequest.newBuilder()
                                .setTarget("held")
                                .build())
                        .getBackupsList())
                .isEmpty();

        scene.server
                .runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(id)
                        .setActor("test")
                        .build());
        calls.complete(calls.ended(stream, message -> message.getEvent()));
        assertThat(calls.get(id).getRows()).isEqualTo(1_000);
        assertThat(scene.files(id)).as("objects of one attempt").isEqualTo(2);

        try (Connection other = held()) {
            Iterator<RunBackupResponse> second =
                    scene.server.backups().runBackup(backup().setTarget("held").build());
            String cancelled = second.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> holders() > 0);
            scene.server
                    .runs()
                    .cancelRun(CancelRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(cancelled)
                            .setActor("test")
                            .build());
            calls.ended(second, message -> message.getEvent());
            await().atMost(LONG).until(() -> holders() == 0);
            await().atMost(LONG).until(() -> calls.get(cancelled).getState() == BackupState.BACKUP_STATE_FAILED);
            other.rollback();
        }
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot. */
    private static Connection held() throws SQLException {
        Connection other = scene.database("held").connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }

    private static long holders() {
        return scene.database("held")
                .number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }
}
