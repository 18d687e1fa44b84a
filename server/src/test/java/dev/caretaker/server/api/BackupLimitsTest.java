package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Value;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long backups may take: as the order says, whatever the role says. */
class BackupLimitsTest {
    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Database hasty = hasty();
        Database place = BackupScene.of(TestPostgres.newest());
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", BackupScene.of(TestPostgres.newest()),
                        "held", BackupScene.of(TestPostgres.newest(), "CREATE TABLE t (id serial)"),
                        "hasty", hasty,
                        "place", place.as(hasty.user(), hasty.password())));
        calls = scene.calls;
    }

    /** Of a role whose statements and transactions are ended before any of this backup is made, or its rows are loaded. */
    private static Database hasty() {
        Database database = BackupScene.of(
                TestPostgres.newest(),
                "CREATE FUNCTION slow() RETURNS boolean LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_catalog.pg_sleep(2.5); RETURN true; END'",
                "CREATE TABLE t (id serial, CHECK (slow()))",
                "INSERT INTO t DEFAULT VALUES",
                "CREATE TABLE many AS SELECT n, 'row ' || n AS v FROM generate_series(1, 20000) n");
        Database role = database.role("hasty");
        String alter = "ALTER ROLE \"" + role.user() + "\" ";
        database.execute(
                alter + "SUPERUSER",
                alter + "SET statement_timeout = '2s'", // connecting takes statements, too
                alter + "SET transaction_timeout = '2s'",
                alter + "SET idle_in_transaction_session_timeout = '1ms'");
        return role;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void a_snapshot_that_becomes_too_old_ends_the_run_without_a_backup() throws SQLException {
        try (Connection other = held("held")) {
            String id = calls.run(backup().setTarget("held")
                    .setLongestSnapshot(Duration.newBuilder().setSeconds(1)));
            assertThat(calls.runOf(id).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(calls.runOf(id).getError().getReason()).isEqualTo("SNAPSHOT_TOO_OLD");
            assertThat(calls.runOf(id).getError().getMessage()).contains("older than 1 s", "there is no backup");
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.database("held")
                                    .number("SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE application_name = 'caretaker/backup " + id + "'")
                            == 0);
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
            other.rollback();
        }
        assertThat(scene.server
                        .backups()
                        .listBackups(ListBackupsRequest.newBuilder()
                                .setTarget("held")
                                .build())
                        .getBackupsList())
                .isEmpty();
    }

    @Test
    void a_backup_that_keeps_vacuum_from_its_work_is_named_among_those_that_do() throws SQLException {
        try (Connection other = held("held")) {
            Iterator<RunBackupResponse> stream =
                    scene.server.backups().runBackup(backup().setTarget("held").build());
            String name = "caretaker/backup " + stream.next().getEvent().getRunId();
            Database held = scene.database("held");
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> held.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name
                                    + "' AND backend_xmin IS NOT NULL")
                            == 1);
            held.execute("SELECT pg_current_xact_id()", "SELECT pg_current_xact_id()");
            assertThat(scene.server
                            .maintenance()
                            .detectIssues(DetectIssuesRequest.newBuilder()
                                    .setTarget("held")
                                    .addChecks("xmin-held")
                                    .putThresholds("xmin-held.min_xids", "1")
                                    .build())
                            .getFindingsList())
                    .extracting(finding -> finding.getEvidence()
                            .getFieldsMap()
                            .getOrDefault("application", Value.getDefaultInstance())
                            .getStringValue())
                    .contains(name);
            other.rollback();
            calls.complete(calls.ended(stream, message -> message.getEvent()));
        }
    }

    @Test
    void timeouts_of_the_role_end_neither_a_backup_nor_its_proof() throws SQLException {
        String id;
        try (Connection other = held("hasty")) {
            Iterator<RunBackupResponse> stream =
                    scene.server.backups().runBackup(backup().setTarget("hasty").build());
            id = stream.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.database("held")
                                    .number("SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE application_name = 'caretaker/backup " + id + "'"
                                            + " AND wait_event_type = 'Lock'"
                                            + " AND clock_timestamp() - query_start > interval '2.5 s'")
                            > 0);
            other.rollback();
            calls.complete(calls.ended(stream, message -> message.getEvent()));
        }
        assertThat(calls.get(id).getRows()).isEqualTo(20_001);

        calls.complete(calls.verified(id, "place"));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(20_001);
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot; by a session that nothing ends. */
    private static Connection held(String target) throws SQLException {
        Database database = scene.database(target);
        Database main = scene.database("main");
        Connection other = database.as(main.user(), main.password()).connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }
}
