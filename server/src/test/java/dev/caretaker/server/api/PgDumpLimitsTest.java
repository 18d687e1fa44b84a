package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.table;
import static dev.caretaker.server.api.PgDumpServer.dump;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a backup by pg_dump, and what does not. Skipped where there is none. */
class PgDumpLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static PgDumpServer all;
    private static WholeServer server;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        all = PgDumpServer.start(folder, Installed.assume(15, folder.resolve("installed")));
        server = all.server();
        calls = new BackupCalls(server);
    }

    @AfterAll
    static void stop() {
        if (all != null) {
            all.close();
        }
    }

    @AfterEach
    void nothing_is_left() {
        all.leavesNothing();
    }

    /** A backup whose pg_dump waits before it begins, as long as there is a file. */
    private record Held(String id, Iterator<RunBackupResponse> stream, ProcessHandle child) {
        static Held of(RunBackupRequest.Builder request) throws IOException {
            Path pid = folder.resolve("pid");
            Files.deleteIfExists(pid);
            Files.writeString(folder.resolve("hold"), "");
            Iterator<RunBackupResponse> stream = server.backups().runBackup(request.build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> Files.exists(pid));
            ProcessHandle child = ProcessHandle.of(
                            Long.parseLong(Files.readString(pid).strip()))
                    .orElseThrow();
            return new Held(id, stream, child);
        }

        void ends() {
            calls.ended(stream, message -> message.getEvent());
        }

        void isMade() {
            calls.complete(calls.ended(stream, message -> message.getEvent()));
        }
    }

    private static void letGo() throws IOException {
        Files.delete(folder.resolve("hold"));
    }

    @Test
    void a_snapshot_that_becomes_too_old_ends_pg_dump_and_there_is_no_backup() throws IOException {
        // Long enough for pg_dump to begin, on whatever machine.
        Held held = Held.of(dump().setLongestSnapshot(Durations.fromSeconds(15)));
        held.ends();
        assertThat(calls.runOf(held.id()).getError().getReason()).isEqualTo("SNAPSHOT_TOO_OLD");
        await().atMost(LONG).until(() -> !held.child().isAlive());
        await().atMost(LONG)
                .until(() -> all.database("main")
                                .number(
                                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'caretaker/backup "
                                                + held.id() + "%'")
                        == 0);
        await().atMost(LONG).until(() -> calls.get(held.id()).getState() == BackupState.BACKUP_STATE_FAILED);
        letGo();
    }

    @Test
    void limits_of_the_database_end_neither_the_snapshot_nor_pg_dump() throws IOException {
        Database source = all.database("newer");
        String alter = "ALTER DATABASE \"" + source.name() + "\" ";
        source.execute(
                alter + "SET statement_timeout = '2s'", // connecting takes statements, too
                alter + "SET lock_timeout = '2s'",
                alter + "SET idle_in_transaction_session_timeout = '1ms'");
        try {
            Held held = Held.of(dump().setTarget("newer"));
            await().atMost(LONG)
                    .until(() -> source.number("SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                    + " 'caretaker/backup " + held.id() + "' AND state = 'idle in transaction'"
                                    + " AND clock_timestamp() - state_change > interval '2.5 s'")
                            == 1);
            letGo();
            held.isMade();
            calls.complete(calls.verified(held.id(), "newer-empty"));
            assertThat(calls.get(held.id()).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        } finally {
            source.execute(alter + "RESET ALL");
        }
    }

    /** The second has read in its request what there is, and waits for the first; then the table goes while it looks again. */
    @Test
    void a_dump_during_whose_beginning_a_table_is_dropped_begins_again_without_it() throws IOException, SQLException {
        Database source = all.database("main");
        source.execute(
                "CREATE SCHEMA passing",
                "CREATE TABLE passing.stays (id int)",
                "INSERT INTO passing.stays VALUES (1)",
                "CREATE TABLE passing.goes (id int)");
        Held first = Held.of(dump().setSelection(BackupSelection.newBuilder().addTables(table("shop", "cache"))));
        Iterator<RunBackupResponse> second = server.backups()
                .runBackup(dump().setSelection(BackupSelection.newBuilder().addSchemas("passing"))
                        .build());
        String id = second.next().getEvent().getRunId();
        await().atMost(LONG).until(() -> calls.runOf(id).getState() == RunState.RUN_STATE_WAITING_LOCK);
        try (Connection dropping = source.connect();
                Statement statement = dropping.createStatement()) {
            dropping.setAutoCommit(false);
            statement.execute("DROP TABLE passing.goes");
            letGo();
            first.isMade();
            await().atMost(LONG)
                    .until(() -> source.number("SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                    + " 'caretaker/backup " + id + "' AND wait_event_type = 'Lock'")
                            == 1);
            dropping.commit();
        }
        List<String> warnings = new ArrayList<>();
        second.forEachRemaining(
                message -> warnings.add(message.getEvent().getWarning().getCode()));
        calls.complete(id);
        assertThat(warnings).containsOnlyOnce("BACKUP_BEGINS_AGAIN");
        assertThat(calls.get(id).getContentsList())
                .extracting(BackupTable::getTable)
                .containsExactly(table("passing", "stays"));
        source.execute("DROP SCHEMA passing CASCADE");
    }
}
