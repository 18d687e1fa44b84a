package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** Kill -9 while pg_dump runs: the next server on the machine ends what it left, removes its debris, and makes the backup. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DumpTakeOverTest {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);

    private final TestPostgres.Database control = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.oldest().database();

    @TempDir
    private Path folder;

    @Test
    void a_dump_whose_server_is_killed_is_ended_and_made_anew() throws Exception {
        PostgresTools.Tools tools = Installed.assume(14, folder.resolve("installed"));
        target.execute("CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, 1000)");
        Path hold = Files.writeString(folder.resolve("hold"), "");
        String configuration = configuration(tools, hold);
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s", configuration)) {
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
            Path noted = folder.resolve("pid");
            await().atMost(PATIENCE).until(() -> Files.exists(noted) && Files.size(noted) > 1);
            ProcessHandle orphan = ProcessHandle.of(
                            Long.parseLong(Files.readString(noted).strip()))
                    .orElseThrow();
            first.kill();
            assertThat(orphan.isAlive()).isTrue();
            assertThat(works()).isEqualTo(1);

            Files.delete(hold);
            try (ServerHere second = ServerHere.start(folder, "second", control, target, "1s", configuration)) {
                await("the orphan is ended").atMost(PATIENCE).until(() -> !orphan.isAlive());
                await("the backup is made")
                        .atMost(90, TimeUnit.SECONDS)
                        .until(() -> run(id, second).getState() == RunState.RUN_STATE_ENDED);
                assertThat(run(id, second).getOutcome())
                        .as(run(id, second).toString())
                        .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
                assertThat(BackupServiceGrpc.newBlockingStub(second.channel())
                                .listBackups(ListBackupsRequest.newBuilder()
                                        .setIncludeAll(true)
                                        .build())
                                .getBackupsList())
                        .singleElement()
                        .satisfies(backup -> {
                            assertThat(backup.getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
                            assertThat(backup.getRows()).isEqualTo(1000);
                        });
                await("nothing of both attempts is left").atMost(PATIENCE).until(() -> works() == 0);
            }
        }
    }

    /** Folders of programs and of what they write. */
    private long works() throws IOException {
        try (Stream<Path> dumps = Files.list(folder.resolve("spool/dumps"))) {
            return dumps.count();
        }
    }

    private String configuration(PostgresTools.Tools tools, Path hold) throws IOException {
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", "exec " + tools.restore() + " \"$@\"");
        Script.in(
                own,
                "pg_dump",
                "[ \"$1\" = --version ] && exec " + tools.dump() + " --version\n[ -e " + hold + " ] && echo $$ > "
                        + folder.resolve("pid") + " && exec sleep 600\nexec " + tools.dump() + " \"$@\"");
        return """
                data-dir: '%s'
                backups:
                  postgres-bin: ['%s']
                archives:
                  spool: '%s'
                  destinations:
                    disk: {type: directory, path: '%s'}
                """.formatted(
                folder.resolve("data"), own, folder.resolve("spool"), Files.createDirectories(folder.resolve("disk")));
    }

    private static Run run(String id, RunningServer server) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }
}
