package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.SmallDisk;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc.BackupServiceBlockingStub;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
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

/** Backups whose connection is cut, that meet one another, or whose disk is full: nothing half-made is ever listed. */
class BackupsInTroubleTest {
    @TempDir
    private static Path folder;

    private static ScheduleScene scene;
    private static SmallDisk spool;
    private static SmallDisk cramped;

    @BeforeAll
    static void start() throws Exception {
        spool = SmallDisk.at(folder.resolve("spool"), 16);
        cramped = SmallDisk.at(folder.resolve("cramped"), 8);
        scene = new ScheduleScene(Map.ofEntries(
                Map.entry("caretaker.archives.spool", folder.resolve("spool").toString()),
                Map.entry("caretaker.archives.destinations.disk.type", "directory"),
                Map.entry("caretaker.archives.destinations.disk.path", disk().toString()),
                Map.entry("caretaker.archives.destinations.cramped.type", "directory"),
                Map.entry(
                        "caretaker.archives.destinations.cramped.path",
                        folder.resolve("cramped").toString()),
                Map.entry("caretaker.engine.heartbeat-interval", "1s"),
                Map.entry("caretaker.engine.retries", "5"),
                Map.entry("caretaker.engine.retry-backoff", "100ms"),
                Map.entry("caretaker.targets.main.lock-timeout", "60s"),
                Map.entry("caretaker.targets.main.free-disk-space", "10GB"),
                Map.entry("caretaker.targets.far.lock-timeout", "60s")));
        scene.target.execute(
                "CREATE TABLE t (id serial, v text)", "INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 1000)");
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
        spool.close();
        cramped.close();
    }

    private static Path disk() throws IOException {
        return Files.createDirectories(folder.resolve("disk"));
    }

    private static RunBackupRequest.Builder backup(String target) {
        return RunBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget(target)
                .setDestination("disk")
                .setActor("test")
                .setSelection(BackupSelection.newBuilder()
                        .addTables(TableName.newBuilder().setName("t")));
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot. */
    private static Connection held() throws SQLException {
        Connection other = scene.target.connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }

    private static long readers() {
        return scene.target.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }

    private static Backup get(String id) {
        return scene.server
                .backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(id).build())
                .getBackup();
    }

    private static List<String> listed() {
        return scene.server.backups().listBackups(ListBackupsRequest.getDefaultInstance()).getBackupsList().stream()
                .map(Backup::getBackupId)
                .toList();
    }

    private static long files(String id) throws IOException {
        try (Stream<Path> all = Files.walk(disk())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(id))
                    .count();
        }
    }

    private static void complete(Iterator<RunBackupResponse> stream, String id) throws IOException {
        stream.forEachRemaining(ignored -> {});
        Run run = scene.run(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(get(id).getRows()).isEqualTo(1_000);
        assertThat(files(id)).as("a part and the manifest").isEqualTo(2);
    }

    @Test
    void a_backup_whose_connection_is_cut_begins_again_and_leaves_no_part_of_the_first_attempt() throws Exception {
        try (Connection other = held()) {
            Iterator<RunBackupResponse> stream =
                    scene.server.backups().runBackup(backup("far").build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> readers() > 0);
            scene.wire.cut();
            await().atMost(60, TimeUnit.SECONDS).until(() -> readers() == 0);
            assertThat(listed()).doesNotContain(id);
            scene.wire.mend();
            other.rollback();
            complete(stream, id);
            assertThat(listed()).contains(id);
        }
    }

    @Test
    void a_backup_whose_server_is_killed_is_made_by_another_one() throws Exception {
        try (ServerProcess victim = ServerProcess.start(
                        folder, "victim", scene.store, scene.target, "1s", configuration("victim"));
                Connection other = held()) {
            String id = startedBy(
                    victim,
                    server -> server.runBackup(backup("main").build())
                            .next()
                            .getEvent()
                            .getRunId());
            await().atMost(60, TimeUnit.SECONDS).until(() -> readers() > 0);
            victim.kill();
            await().atMost(90, TimeUnit.SECONDS).until(() -> worker(id).contains(own()));
            assertThat(listed()).doesNotContain(id);
            other.rollback();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() != RunOutcome.RUN_OUTCOME_UNSPECIFIED);
            complete(List.<RunBackupResponse>of().iterator(), id);
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
        assertThat(get(backup).hasEvidence()).isFalse();
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
        String backup = slowly();
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement();
                ServerProcess victim = ServerProcess.start(
                        folder, "restorer", scene.store, scene.target, "1s", configuration("restorer"))) {
            statement.execute("SET application_name = 'caretaker-test-slowly'");
            String id = startedBy(victim, server -> {
                scene.target.execute("DROP SCHEMA IF EXISTS slowly CASCADE"); // of an attempt of our own server's
                return server.restoreBackup(restoration(backup, "main"))
                        .next()
                        .getEvent()
                        .getRunId();
            });
            await().atMost(60, TimeUnit.SECONDS).until(() -> restoring() == 1);
            victim.kill();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(scene.run(id).getError().getMessage()).contains("Empty it, and restore again.");
        }
        await().atMost(60, TimeUnit.SECONDS).until(() -> restoring() == 0);
        scene.target.execute("DROP SCHEMA slowly CASCADE");
    }

    /** A backup of a schema whose rows wait, when they are loaded, as long as there is a session of this name; the schema is gone. */
    private static String slowly() {
        scene.target.execute(
                "DROP SCHEMA IF EXISTS slowly CASCADE",
                "CREATE SCHEMA slowly",
                "CREATE FUNCTION slowly.wait() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (SELECT FROM"
                        + " pg_stat_activity WHERE application_name = 'caretaker-test-slowly') LOOP"
                        + " PERFORM pg_sleep(0.05), pg_stat_clear_snapshot(); END LOOP; RETURN true; END $$",
                "CREATE TABLE slowly.slow (id int CHECK (slowly.wait()))",
                "INSERT INTO slowly.slow VALUES (1)");
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(backup("main")
                        .setSelection(BackupSelection.newBuilder().addSchemas("slowly"))
                        .build());
        String backup = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        scene.target.execute("DROP SCHEMA slowly CASCADE");
        return backup;
    }

    @Test
    void a_restore_whose_connection_is_cut_is_not_begun_again_either() throws Exception {
        String backup = slowly();
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement()) {
            statement.execute("SET application_name = 'caretaker-test-slowly'");
            String id = scene.server
                    .backups()
                    .restoreBackup(restoration(backup, "far"))
                    .next()
                    .getEvent()
                    .getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> restoring() == 1);
            scene.wire.cut();
            await().atMost(60, TimeUnit.SECONDS).until(() -> restoring() == 0);
            scene.wire.mend();
            await().atMost(90, TimeUnit.SECONDS)
                    .until(() -> scene.run(id).getOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(scene.run(id).getError().getMessage()).contains("Empty it, and restore again.");
        }
        scene.target.execute("DROP SCHEMA slowly CASCADE");
    }

    private static RestoreBackupRequest restoration(String backup, String target) {
        return RestoreBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(backup)
                .setTarget(target)
                .addSchemas("slowly")
                .setAllowNotEmpty(true)
                .setActor("test")
                .build();
    }

    private static long restoring() {
        return scene.target.number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'caretaker/restore %'"
                        + " AND wait_event = 'PgSleep' AND datname = current_database()");
    }

    @Test
    void a_destination_that_is_full_ends_a_backup_by_name_nothing_of_it_stays_and_the_next_one_has_its_room()
            throws Exception {
        assumeThat(cramped.isSmall()).as("a small file system can be made here").isTrue();
        cramped.fill(4_096);
        String full = toCramped();
        Run run = scene.run(full);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("DESTINATION_UNREACHABLE");
        assertThat(run.getError().getMessage())
                .startsWith("Destination cramped: ")
                .contains("No space left on device");
        await().atMost(60, TimeUnit.SECONDS).until(() -> get(full).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(listed()).doesNotContain(full);

        cramped.free();
        String next = toCramped();
        assertThat(scene.run(next).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(listed()).contains(next);
        await().atMost(150, TimeUnit.SECONDS).untilAsserted(() -> {
            try (Stream<Path> left = Files.walk(folder.resolve("cramped"))) {
                assertThat(left.filter(Files::isRegularFile))
                        .as("a part and the manifest of the one that was made")
                        .hasSize(2)
                        .allMatch(file -> file.toString().contains(next));
            }
        });
    }

    private static String toCramped() {
        scene.target.execute(
                "CREATE TABLE IF NOT EXISTS filling AS SELECT n, sha512(n::text::bytea) AS v FROM generate_series(1, 20000) n");
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(backup("main")
                        .setDestination("cramped")
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder().setName("filling")))
                        .build());
        String id = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        return id;
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
                + " directory, path: '" + disk() + "'}}}\n";
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

    @Test
    void two_backups_of_one_database_go_one_after_the_other() throws Exception {
        try (Connection other = held()) {
            Iterator<RunBackupResponse> first =
                    scene.server.backups().runBackup(backup("main").build());
            String one = first.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS).until(() -> readers() > 0);
            Iterator<RunBackupResponse> second =
                    scene.server.backups().runBackup(backup("main").build());
            String two = second.next().getEvent().getRunId();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> scene.run(two).getState() == RunState.RUN_STATE_WAITING_LOCK);
            other.rollback();
            complete(first, one);
            complete(second, two);
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
            try (Connection other = held()) {
                Iterator<RunBackupResponse> first =
                        scene.server.backups().runBackup(backup("main").build());
                String one = first.next().getEvent().getRunId();
                await().atMost(60, TimeUnit.SECONDS).until(() -> readers() > 0);
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
                complete(first, one);
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
        assertThat(get(id).getContentsList())
                .singleElement()
                .satisfies(table -> assertThat(table.getTable().getName()).isEqualTo("stays"));
    }

    @Test
    void a_full_disk_ends_a_backup_by_name_and_nothing_of_it_stays() throws Exception {
        assumeThat(spool.isSmall()).as("a small file system can be made here").isTrue();
        scene.target.execute("CREATE TABLE large AS SELECT n, repeat('x', 1280) AS v FROM generate_series(1, 30000) n");
        Iterator<RunBackupResponse> stream = scene.server
                .backups()
                .runBackup(backup("main")
                        .setCompression("none")
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder().setName("large")))
                        .build());
        String id = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        Run run = scene.run(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("SPOOL_FAILED");
        await().atMost(60, TimeUnit.SECONDS).until(() -> get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        assertThat(listed()).doesNotContain(id);
        assertThat(files(id)).isZero();
        try (Stream<Path> left = Files.walk(folder.resolve("spool/copies"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }
}
