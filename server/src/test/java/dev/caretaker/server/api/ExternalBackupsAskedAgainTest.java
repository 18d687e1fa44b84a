package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * After an outage of Caretaker nobody knows for a while what other tools have. Work that needs a backup of theirs is refused only when they were
 * asked again. Through a real server that runs a program which answers as pgBackRest does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalBackupsAskedAgainTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Database target = TestPostgres.newest().database();
    private WholeServer server;
    private Path answer;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        answer = folder.resolve("answer.json");
        tell(Duration.ofHours(2));
        Path program = Script.in(folder, "pgbackrest", "cat " + answer + " || { echo 'no repository' >&2; exit 7; }");
        target.execute("CREATE TABLE t (id int PRIMARY KEY)");
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.data-dir",
                        folder.resolve("data").toString(),
                        "caretaker.backups.pgbackrest",
                        program.toString(),
                        "caretaker.targets.main.backups.pgbackrest-stanza",
                        "main"));
        await().atMost(LONG)
                .until(() -> server.backups()
                        .getBackupHealth(GetBackupHealthRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getHealth()
                        .hasNewest());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void tell(Duration age) throws IOException {
        Files.writeString(answer, """
                [{"name": "main", "status": {"code": 0, "message": "ok"},
                  "db": [{"id": 1, "repo-key": 1, "system-id": %d, "version": "18"}],
                  "backup": [{"label": "20261101-020000F", "type": "full", "error": false,
                              "database": {"id": 1, "repo-key": 1}, "info": {"size": 1000},
                              "timestamp": {"start": 1, "stop": %d}}]}]
                """.formatted(
                        target.number("SELECT system_identifier FROM pg_control_system()"),
                        Instant.now().minus(age).getEpochSecond()));
    }

    /** As if no server had been at work for two hours: what was seen then counts no longer. */
    private void outage() {
        server.store()
                .execute("UPDATE caretaker.backup_look SET looked = looked - interval '2 hours',"
                        + " due = now() + interval '1 minute'");
    }

    private Iterator<RunVacuumResponse> rewrite() {
        return server.maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget("main")
                        .addTables(TableName.newBuilder().setName("t"))
                        .setOptions(VacuumOptions.newBuilder().setFull(true))
                        .setAssumeFreeBytes(1L << 40)
                        .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)))
                        .build());
    }

    private Run run(String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    /** The run, ended, that was ordered with a backup, and waited behind somebody while something happened. */
    private Run waited(Happening meanwhile) throws SQLException, IOException {
        tell(Duration.ofHours(2));
        outage();
        String id;
        Iterator<RunVacuumResponse> stream;
        try (Connection other = target.connect();
                Statement fence = other.createStatement()) {
            fence.execute(
                    "SELECT pg_advisory_lock(" + Session.FENCE_CLASS + ", CAST(CAST('t'::regclass AS oid) AS int))");
            stream = rewrite();
            id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> run(id).getState() == RunState.RUN_STATE_WAITING_LOCK);
            meanwhile.happens();
            outage();
        }
        stream.forEachRemaining(event -> {});
        return run(id);
    }

    private interface Happening {
        void happens() throws IOException;
    }

    @Test
    void a_run_that_is_ordered_after_an_outage_begins_if_the_tool_has_the_backup() throws IOException {
        tell(Duration.ofHours(2));
        outage();
        Iterator<RunVacuumResponse> stream = rewrite();
        String id = stream.next().getEvent().getRunId();
        stream.forEachRemaining(event -> {});
        assertThat(run(id).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    @Test
    void a_run_that_waited_through_an_outage_begins_if_the_tool_still_has_the_backup() throws Exception {
        Run run = waited(() -> {});
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    @Test
    void it_is_refused_for_what_the_tool_says_then() throws Exception {
        Run run = waited(() -> tell(Duration.ofHours(50)));
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("BACKUP_TOO_OLD");
        assertThat(run.getError().getMessage())
                .isEqualTo(
                        "Not begun. A backup of the last 24 hours is required, and the newest backup that holds public.t"
                                + " is 50 hours old (pgbackrest 20261101-020000F).");
    }

    @Test
    void where_the_tool_does_not_tell_the_refusal_says_so() throws Exception {
        Run run = waited(() -> Files.delete(answer));
        assertThat(run.getError().getMessage())
                .startsWith("Not begun. A backup of the last 24 hours is required, and there is no backup that holds"
                        + " public.t. It is unknown what pgbackrest has: pgbackrest ended with code 7: ")
                .contains("no repository");
        outage();
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> rewrite().forEachRemaining(event -> {}))
                .withMessageContaining("It is unknown what pgbackrest has");
    }
}
