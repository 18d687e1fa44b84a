package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 while pg_dump runs, with a session that goes on without it: the next server ends what it left, also where it cannot see the other's
 * machine, before it makes the backup. Skipped where there is no pg_dump or no psql, which has the session in its place.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DumpTakeOverTest {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);

    private final TestPostgres.Database control = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.oldest().database();

    @TempDir
    private Path folder;

    @Test
    void a_dump_whose_server_is_killed_is_ended_with_its_session_and_made_anew() throws Exception {
        takeOver("one");
        await("nothing of both attempts is left").atMost(PATIENCE).until(() -> works("one") == 0);
    }

    @Test
    void of_a_dump_whose_machine_is_away_the_session_is_ended_before_another_machine_begins() throws Exception {
        takeOver("another");
        assertThat(works("one")).as("left to the machine that is away").isEqualTo(1);
        await("nothing of the second attempt is left").atMost(PATIENCE).until(() -> works("another") == 0);
    }

    /** @param machine of the second server; that of the first is one */
    private void takeOver(String machine) throws Exception {
        PostgresTools.Tools tools = Installed.assume(14, folder.resolve("installed"));
        Path psql = tools.dump().resolveSibling("psql");
        assumeTrue(Files.isExecutable(psql), "Skipped: there is no " + psql + ".");
        target.execute("CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, 1000)");
        Path hold = Files.writeString(folder.resolve("hold"), "");
        programs(tools, psql);
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s", configuration("one"))) {
            String id = BackupServiceGrpc.newBlockingStub(first.channel())
                    .runBackup(RunBackupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setTarget("target")
                            .setDestination("disk")
                            .setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                            .setActor("test")
                            .build())
                    .next()
                    .getEvent()
                    .getRunId();
            await("the session").atMost(PATIENCE).until(() -> sessions(id) == 1);
            ProcessHandle orphan = ProcessHandle.of(Long.parseLong(
                            Files.readString(folder.resolve("pid")).strip()))
                    .orElseThrow();
            first.kill();
            await("the server is gone")
                    .atMost(PATIENCE)
                    .until(() -> ProcessHandle.of(first.pid()).isEmpty());
            assertThat(orphan.isAlive()).isTrue();
            assertThat(sessions(id)).isEqualTo(1);
            assertThat(works("one")).isEqualTo(1);

            Files.delete(hold);
            try (ServerHere second =
                    ServerHere.start(folder, "second", control, target, "1s", configuration(machine))) {
                await("the backup is made")
                        .atMost(90, TimeUnit.SECONDS)
                        .until(() -> run(id, second).getState() == RunState.RUN_STATE_ENDED);
                made(id, second);
                assertThat(folder.resolve("left"))
                        .as("sessions of the first when the second began")
                        .hasContent("0");
                await("the orphan is gone").atMost(PATIENCE).until(() -> !orphan.isAlive());
            }
        }
    }

    private static void made(String id, RunningServer server) {
        assertThat(run(id, server).getOutcome())
                .as(run(id, server).toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(BackupServiceGrpc.newBlockingStub(server.channel())
                        .listBackups(ListBackupsRequest.newBuilder()
                                .setIncludeAll(true)
                                .build())
                        .getBackupsList())
                .singleElement()
                .satisfies(backup -> {
                    assertThat(backup.getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
                    assertThat(backup.getRows()).isEqualTo(1000);
                });
    }

    private long sessions(String backup) {
        return target.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'caretaker/backup "
                + backup + " dump' AND wait_event = 'PgSleep'");
    }

    /** Folders of programs and of what they write. */
    private long works(String machine) throws IOException {
        try (Stream<Path> dumps = Files.list(folder.resolve("spool-" + machine + "/dumps"))) {
            return dumps.count();
        }
    }

    /** The pg_dump that is held back is a psql in truth; the next one writes down how many sessions of its name it meets. */
    private void programs(PostgresTools.Tools tools, Path psql) throws IOException {
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", "exec " + tools.restore() + " \"$@\"");
        Script.in(own, "pg_dump", """
                [ "$1" = --version ] && exec %1$s --version
                cd %2$s
                [ -e hold ] && { echo $$ > pid; exec %3$s -X -c 'SELECT pg_sleep(600)' > /dev/null 2>&1; }
                %3$s -X -At -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = '$PGAPPNAME' AND pid <> pg_backend_pid()" > left
                exec %1$s "$@"
                """.formatted(tools.dump(), folder, psql));
    }

    private String configuration(String machine) throws IOException {
        return """
                data-dir: '%s'
                backups:
                  postgres-bin: ['%s']
                archives:
                  spool: '%s'
                  destinations:
                    disk: {type: directory, path: '%s'}
                """.formatted(
                        folder.resolve("data-" + machine),
                        folder.resolve("own"),
                        folder.resolve("spool-" + machine),
                        Files.createDirectories(folder.resolve("disk")));
    }

    private static Run run(String id, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }
}
