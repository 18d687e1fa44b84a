package dev.caretaker.server.api;

import static dev.caretaker.server.api.TroubleScene.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc.BackupServiceBlockingStub;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups, verifications and restores whose server is killed: another one goes on, or leaves nothing behind. */
class BackupsOfKilledServersTest {
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
    void a_backup_whose_server_is_killed_is_made_by_another_one() throws Exception {
        try (ServerProcess victim = ServerProcess.start(
                        folder, "victim", scene.store, scene.target, "1s", configuration("victim"));
                Connection other = scene.held()) {
            String id = startedBy(
                    victim,
                    server -> server.runBackup(backup("main").build())
                            .next()
                            .getEvent()
                            .getRunId());
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.readers() > 0);
            victim.kill();
            await().atMost(90, TimeUnit.SECONDS).until(() -> worker(id).contains(own()));
            assertThat(scene.listed()).doesNotContain(id);
            other.rollback();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() != RunOutcome.RUN_OUTCOME_UNSPECIFIED);
            scene.complete(List.<RunBackupResponse>of().iterator(), id);
        }
    }

    /** A constraint waits as long as there is a session of this name. */
    @Test
    void a_verification_whose_server_is_killed_leaves_no_scratch_database_once_it_has_ended_elsewhere()
            throws Exception {
        scene.target.execute(
                "CREATE SCHEMA held",
                "CREATE FUNCTION held.wait() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (SELECT FROM"
                        + " pg_stat_activity WHERE application_name = 'caretaker-test-hold') LOOP"
                        + " PERFORM pg_sleep(0.05), pg_stat_clear_snapshot(); END LOOP; RETURN true; END $$",
                "CREATE TABLE held.slow (id int CHECK (held.wait()))",
                "INSERT INTO held.slow VALUES (1)");
        Iterator<RunBackupResponse> made = scene.server
                .backups()
                .runBackup(backup("main")
                        .setSelection(BackupSelection.newBuilder().addSchemas("held"))
                        .build());
        String backup = made.next().getEvent().getRunId();
        made.forEachRemaining(ignored -> {});
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement();
                ServerProcess victim = ServerProcess.start(
                        folder, "verifier", scene.store, scene.target, "1s", configuration("verifier"))) {
            statement.execute("SET application_name = 'caretaker-test-hold'");
            String id = startedBy(
                    victim,
                    server -> server.verifyBackup(VerifyBackupRequest.newBuilder()
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setBackupId(backup)
                                    .setScratchTarget("main")
                                    .setAllowSameServer(true)
                                    .setActor("test")
                                    .build())
                            .next()
                            .getEvent()
                            .getRunId());
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.target.number("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE"
                                    + " 'caretaker\\_verify\\_%' AND wait_event = 'PgSleep'")
                            == 1);
            victim.kill();
            assertThat(scratch()).as("left by the kill").isPositive();
            await().atMost(90, TimeUnit.SECONDS).until(() -> worker(id).contains(own()));
            scene.server
                    .runs()
                    .cancelRun(CancelRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            await().atMost(90, TimeUnit.SECONDS).until(() -> scratch() == 0);
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.store.number(
                                    "SELECT count(*) FROM caretaker.debt WHERE kind = 'scratch-database' AND settled IS NULL")
                            == 0);
        }
    }

    @Test
    void a_scratch_server_of_a_caretaker_that_was_killed_is_stopped_and_removed_by_the_next_one_with_that_spool()
            throws Exception {
        scene.target.execute(
                "CREATE SCHEMA sluggish",
                "CREATE FUNCTION sluggish.slow() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_database() LIKE"
                        + " 'caretaker\\_verify\\_%' THEN PERFORM pg_sleep(60); END IF; RETURN true; END $$",
                "CREATE TABLE sluggish.t (n int CHECK (sluggish.slow()))",
                "INSERT INTO sluggish.t VALUES (1)");
        Iterator<RunBackupResponse> made = scene.server
                .backups()
                .runBackup(backup("main")
                        .setSelection(BackupSelection.newBuilder().addSchemas("sluggish"))
                        .build());
        String backup = made.next().getEvent().getRunId();
        made.forEachRemaining(ignored -> {});
        Path room = folder.resolve("spool-embedding");
        List<ProcessHandle> left;
        try (ServerProcess victim =
                ServerProcess.start(folder, "embedding", scene.store, scene.target, "1s", configuration("embedding"))) {
            String id = startedBy(
                    victim,
                    server -> server.verifyBackup(VerifyBackupRequest.newBuilder()
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setBackupId(backup)
                                    .setActor("test")
                                    .build())
                            .next()
                            .getEvent()
                            .getRunId());
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> ScratchPostmasters.in(room).stream().anyMatch(ScratchPostmasters::loads));
            victim.kill();
            left = ScratchPostmasters.in(room);
            assertThat(left).as("left by the kill").hasSize(1);
            scene.server
                    .runs()
                    .cancelRun(CancelRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            await().atMost(120, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() != RunOutcome.RUN_OUTCOME_UNSPECIFIED);
        }
        assertThat(scene.get(backup).hasEvidence()).isFalse();
        try (Stream<Path> all = Files.list(room)) {
            for (Path one : all.toList()) {
                Files.setLastModifiedTime(
                        one, FileTime.from(Instant.now().minusSeconds(120))); // not one just being made
            }
        }
        try (ServerProcess _ =
                ServerProcess.start(folder, "next", scene.store, scene.target, "1s", configuration("embedding"))) {
            await().atMost(120, TimeUnit.SECONDS)
                    .until(() -> ScratchPostmasters.in(room).isEmpty());
            await().atMost(60, TimeUnit.SECONDS).until(() -> left.stream().noneMatch(ProcessHandle::isAlive));
        }
        scene.target.execute("DROP SCHEMA sluggish CASCADE");
    }

    /** What a first attempt has made is there when the second begins: what is there is never replaced, so nobody begins again. */
    @Test
    void a_restore_whose_server_is_killed_is_not_begun_again_and_says_what_to_do() throws Exception {
        String backup = scene.slowly();
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement();
                ServerProcess victim = ServerProcess.start(
                        folder, "restorer", scene.store, scene.target, "1s", configuration("restorer"))) {
            statement.execute("SET application_name = 'caretaker-test-slowly'");
            String id = startedBy(victim, server -> {
                scene.target.execute("DROP SCHEMA IF EXISTS slowly CASCADE"); // of an attempt of our own server's
                return server.restoreBackup(TroubleScene.restoration(backup, "main"))
                        .next()
                        .getEvent()
                        .getRunId();
            });
            await().atMost(60, TimeUnit.SECONDS).until(() -> scene.restoring() == 1);
            victim.kill();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(scene.run(id).getError().getMessage()).contains("Empty it, and restore again.");
        }
        await().atMost(60, TimeUnit.SECONDS).until(() -> scene.restoring() == 0);
        scene.target.execute("DROP SCHEMA slowly CASCADE");
    }

    private static long scratch() {
        return scene.target.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker\\_verify\\_%'");
    }

    private static String own() {
        return ":" + ProcessHandle.current().pid() + ":";
    }

    /** Of a server that shares target main and the disk. */
    private static String configuration(String name) throws IOException {
        return "targets.main: {url: '" + scene.target.url() + "', user: " + scene.target.user() + ", password: '"
                + scene.target.password() + "', lock-timeout: 60s, free-disk-space: 10GB}\n"
                + "archives: {spool: '" + Files.createDirectories(folder.resolve("spool-" + name))
                + "', destinations: {disk: {type:"
                + " directory, path: '" + scene.disk() + "'}}}\n";
    }

    /** A run that this server works on, although ours shares its control store. */
    private static String startedBy(ServerProcess server, Function<BackupServiceBlockingStub, String> start) {
        while (true) {
            String id = start.apply(BackupServiceGrpc.newBlockingStub(server.channel()));
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> !String.valueOf(worker(id)).isEmpty());
            if (!worker(id).contains(own())) {
                return id;
            }
            scene.server
                    .runs()
                    .cancelRun(CancelRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() == RunOutcome.RUN_OUTCOME_CANCELLED);
        }
    }

    private static String worker(String run) {
        return String.valueOf(scene.store.value("SELECT server FROM caretaker.run WHERE run_id = '" + run + "'"));
    }
}
