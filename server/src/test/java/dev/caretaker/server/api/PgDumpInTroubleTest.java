package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.PgDumpServer.dump;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.RestoreBackupResponse;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups and restores by pg_dump and pg_restore that are paused, cancelled, lose their target or fail. Skipped where there is no pg_dump. */
class PgDumpInTroubleTest {
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

    private static ProcessHandle child() {
        Path pid = folder.resolve("pid");
        await().atMost(LONG).until(() -> Files.exists(pid));
        try {
            long id = Long.parseLong(Files.readString(pid).strip());
            Files.delete(pid);
            return ProcessHandle.of(id).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_run_that_is_paused_or_cancelled_ends_its_pg_dump_and_leaves_nothing() throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.writeString(folder.resolve("hold"), "");
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        String id = stream.next().getEvent().getRunId();
        ProcessHandle first = child();
        pause(id);
        await().atMost(LONG).until(() -> calls.runOf(id).getState() == RunState.RUN_STATE_PAUSED);
        await().atMost(LONG).until(() -> !first.isAlive());
        await().atMost(LONG).until(() -> sessions() == 0);

        resume(id);
        ProcessHandle second = child();
        cancel(id);
        calls.ended(stream, message -> message.getEvent());
        await().atMost(LONG).until(() -> !second.isAlive());
        await().atMost(LONG).until(() -> sessions() == 0);
        await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        Files.delete(folder.resolve("hold"));
    }

    @Test
    void a_restore_that_is_paused_stands_still_and_one_that_is_cancelled_ends_its_pg_restore() throws IOException {
        String id = calls.made(dump());
        Path beats = Files.writeString(folder.resolve("beats"), "");
        Files.writeString(folder.resolve("hold-restore"), "");
        Iterator<RestoreBackupResponse> stream =
                server.backups().restoreBackup(restore(id).setTarget("cut").build());
        String run = stream.next().getEvent().getRunId();
        await().atMost(LONG).until(() -> Files.size(beats) > 0);
        ProcessHandle child = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(beats).getFirst()))
                .orElseThrow();
        pause(run);
        AtomicLong seen = new AtomicLong(-1);
        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> {
            long size = Files.size(beats);
            return seen.getAndSet(size) == size;
        });
        assertThat(child.isAlive()).isTrue();
        resume(run);
        await().atMost(LONG).until(() -> Files.size(beats) > seen.get());
        cancel(run);
        calls.ended(stream, message -> message.getEvent());
        await().atMost(LONG).until(() -> !child.isAlive());
        assertThat(calls.runOf(run).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        Files.delete(folder.resolve("hold-restore"));
    }

    private static void pause(String run) {
        server.runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(run)
                        .setActor("test")
                        .build());
    }

    private static void resume(String run) {
        server.runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(run)
                        .setActor("test")
                        .build());
    }

    private static void cancel(String run) {
        server.runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(run)
                        .setActor("test")
                        .build());
    }

    @Test
    void a_dump_whose_snapshot_the_target_has_lost_is_made_anew() throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.writeString(folder.resolve("hold"), "");
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        child();
        all.database("main")
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'caretaker/backup %'");
        Files.delete(folder.resolve("hold"));
        calls.complete(calls.ended(stream, message -> message.getEvent()));
        assertThat(folder.resolve("pid")).as("a second attempt").exists();
    }

    /** As for want of memory; what it has started goes on then, and is nobody's child. */
    @Test
    void the_sessions_of_a_pg_dump_that_somebody_else_kills_are_ended_with_those_of_its_workers() throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.writeString(folder.resolve("worker"), "");
        Files.writeString(folder.resolve("hold"), "");
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        String id = stream.next().getEvent().getRunId();
        ProcessHandle leader = child();
        List<ProcessHandle> workers = new ArrayList<>();
        await().atMost(LONG).until(() -> left(id) == 1 && workers.addAll(psql(leader)));
        leader.destroyForcibly();
        calls.ended(stream, message -> message.getEvent());
        assertThat(calls.runOf(id).getError().getMessage()).startsWith("pg_dump ended with code 137");
        await().atMost(LONG).until(() -> left(id) == 0);
        await().atMost(LONG).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        Files.delete(folder.resolve("hold"));
    }

    private static List<ProcessHandle> psql(ProcessHandle leader) {
        return leader.children()
                .filter(process -> process.info().command().orElse("").endsWith("psql"))
                .toList();
    }

    private static long left(String backup) {
        return all.database("main")
                .number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'caretaker/backup " + backup
                        + " dump'");
    }

    private static long sessions() {
        return all.database("main")
                .number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }

    /** Its own session, while ours goes on: as where a load balancer forgets one connection. */
    @Test
    void a_pg_dump_whose_own_connection_is_cut_within_the_rows_of_a_table_is_made_anew() {
        longTable();
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        String id = stream.next().getEvent().getRunId();
        assertThat(cut(id, LONG, new HashSet<>())).isTrue();
        calls.complete(calls.ended(stream, message -> message.getEvent()));
        assertThat(calls.warnings(id))
                .filteredOn(warning -> warning.startsWith("The step goes on with another session: pg_dump ended with"))
                .singleElement()
                .asString()
                .contains("terminating connection due to administrator command");
        calls.complete(calls.verified(id));
        all.database("main").execute("DROP TABLE shop.long");
    }

    @Test
    void one_whose_connection_is_cut_each_time_leaves_no_backup_and_is_told_why()
            throws IOException, InterruptedException {
        longTable();
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        String id = stream.next().getEvent().getRunId();
        Set<Integer> ended = new HashSet<>();
        Thread cutter = Thread.ofVirtual().start(() -> {
            while (calls.runOf(id).getState() != RunState.RUN_STATE_ENDED) {
                cut(id, Duration.ofSeconds(1), ended);
            }
        });
        calls.ended(stream, message -> message.getEvent());
        cutter.join();
        Run run = calls.runOf(id);
        assertThat(run.getError().getReason()).as(run.toString()).isEqualTo("TOOL_FAILED");
        assertThat(run.getError().getMessage())
                .startsWith("It was begun " + (PgDumpServer.RETRIES + 1)
                        + " times, and its connection was lost each time. At last: pg_dump ended with code 1: ")
                .contains("terminating connection due to administrator command");
        assertThat(ended).hasSize(PgDumpServer.RETRIES + 1);
        await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
        await().atMost(LONG).until(() -> left(id) == 0);
        try (Stream<Path> files = Files.walk(folder.resolve("disk"))) {
            assertThat(files.filter(file -> file.toString().contains(id)).filter(Files::isRegularFile))
                    .isEmpty();
        }
        all.database("main").execute("DROP TABLE shop.long");
    }

    private static void longTable() {
        all.database("main")
                .execute("CREATE TABLE shop.long AS SELECT n, repeat(sha512(n::text::bytea)::text, 8) AS v"
                        + " FROM generate_series(1, 60000) n");
    }

    /**
     * Ends the session of a pg_dump that reads the rows of the long table.
     *
     * @param longest time to wait for one
     * @param ended process ids of those that were ended, which may not be gone yet
     * @return whether there was one
     */
    private static boolean cut(String backup, Duration longest, Set<Integer> ended) {
        String query =
                "SELECT pid FROM pg_stat_activity WHERE CASE WHEN state = 'active' AND query LIKE 'COPY shop.long %'"
                        + " AND application_name = 'caretaker/backup " + backup
                        + " dump' THEN pg_terminate_backend(pid) END";
        long end = System.nanoTime() + longest.toNanos();
        try (Connection connection = all.database("main").connect();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() < end) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    if (rows.next() && ended.add(rows.getInt("pid"))) {
                        return true;
                    }
                }
                LockSupport.parkNanos(500_000);
            }
            return false;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Who waits for a lock that excludes readers keeps pg_dump from its own, and is kept by ours: pg_dump gives up first. */
    @Test
    void a_pg_dump_that_would_wait_behind_somebody_who_waits_for_us_gives_up_and_the_backup_is_made_anew()
            throws Exception {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.writeString(folder.resolve("hold"), "");
        Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
        child();
        try (Connection other = all.database("main").connect()) {
            Thread waiter = Thread.ofVirtual().start(() -> exclude(other));
            await().atMost(LONG)
                    .until(() -> all.database("main")
                                    .number(
                                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
                                                    + " AND relation = 'shop.customer'::regclass")
                            == 1);
            Files.delete(folder.resolve("hold"));
            calls.complete(calls.ended(stream, message -> message.getEvent()));
            waiter.join();
        }
        assertThat(folder.resolve("pid")).as("a second attempt").exists();
    }

    private static void exclude(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE shop.customer IN ACCESS EXCLUSIVE MODE");
            connection.commit();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_pg_dump_that_fails_leaves_no_backup_and_is_told_why() throws IOException {
        Files.writeString(folder.resolve("fail"), "pg_dump: error: no luck");
        String id = calls.run(dump());
        assertThat(calls.runOf(id).getError().getReason()).isEqualTo("TOOL_FAILED");
        assertThat(calls.runOf(id).getError().getMessage())
                .isEqualTo("pg_dump ended with code 1: pg_dump: error: no luck");
        await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_dump: error: could not obtain lock on relation \"shop.customer\"\nThis usually means that someone"
                        + " requested an ACCESS EXCLUSIVE lock on the table",
                "pg_dump: error: could not write to file: No space left on device"
            })
    void a_pg_dump_that_lacks_a_lock_or_room_in_the_spool_is_tried_again(String words) throws IOException {
        Files.writeString(folder.resolve("fail"), words);
        calls.made(dump());
    }

    /** As if a newer pg_dump had made it, on a server that had one. */
    @Test
    void a_preview_says_that_there_is_no_pg_restore_that_reads_the_backup() throws IOException {
        String id = calls.made(dump());
        Path file;
        try (Stream<Path> files = Files.walk(folder.resolve("disk"))) {
            file = files.filter(one -> one.toString().contains(id) && one.endsWith("manifest.json"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] newer = Files.readString(file)
                .replaceFirst("(?<before>\"dump\":\\{\"format\":\"DIRECTORY\",\"major\":)\\d+", "${before}99")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(file, newer);
        server.store()
                .execute("UPDATE caretaker.backup SET manifest_sha256 = '" + Sha256.hex(Sha256.of(newer), 32)
                        + "' WHERE backup_id = '" + id + "'");
        String why = "pg_dump and pg_restore of version 99 or newer are needed";
        assertThat(server.backups()
                        .previewRestore(PreviewRestoreRequest.newBuilder()
                                .setBackupId(id)
                                .setTarget("cut")
                                .build())
                        .getObstaclesList())
                .anySatisfy(obstacle -> assertThat(obstacle).contains(why));
        assertThatThrownBy(() -> calls.restored(restore(id).setTarget("cut"))).hasMessageContaining(why);
    }

    @Test
    void without_a_pg_dump_that_is_new_enough_or_that_knows_the_compression_nothing_is_ordered() {
        assertThatThrownBy(() -> calls.run(dump().setCompression("rar"))).hasMessageContaining("compression");
        assertThatThrownBy(() -> calls.run(backup().setDumpFormat(BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM)))
                .hasMessageContaining("dump_format");
        if (all.tools().major() < 18) {
            assertThatThrownBy(() -> calls.run(dump().setTarget("newest")))
                    .hasMessageContaining("pg_dump and pg_restore of version 18 or newer are needed")
                    .hasMessageContaining(folder.resolve("own").toString());
        }
    }
}
