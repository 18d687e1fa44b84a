package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A server whose backups get into trouble: its target main is also reached by a wire that can be cut, as far; more servers may share its store. */
final class TroubleScene implements AutoCloseable {
    final WholeServer server;
    final Database store;
    final Database target;
    final TcpProxy wire;
    private final ScheduleScene scene;
    private final Path folder;

    /**
     * Starts it, with a table t of 1,000 rows.
     *
     * @param folder for disk and spool
     * @param further configuration
     */
    TroubleScene(Path folder, Map<String, Object> further) throws IOException {
        this.folder = folder;
        Map<String, Object> more = new HashMap<>(Map.ofEntries(
                Map.entry("caretaker.archives.spool", folder.resolve("spool").toString()),
                Map.entry("caretaker.archives.destinations.disk.type", "directory"),
                Map.entry("caretaker.archives.destinations.disk.path", disk().toString()),
                Map.entry("caretaker.engine.heartbeat-interval", "1s"),
                Map.entry("caretaker.engine.retries", "5"),
                Map.entry("caretaker.engine.retry-backoff", "100ms"),
                Map.entry("caretaker.targets.main.lock-timeout", "60s"),
                Map.entry("caretaker.targets.main.free-disk-space", "10GB"),
                Map.entry("caretaker.targets.far.lock-timeout", "60s")));
        more.putAll(further);
        this.scene = new ScheduleScene(more);
        this.server = scene.server;
        this.store = scene.store;
        this.target = scene.target;
        this.wire = scene.wire;
        target.execute(
                "CREATE TABLE t (id serial, v text)", "INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 1000)");
    }

    Path disk() throws IOException {
        return Files.createDirectories(folder.resolve("disk"));
    }

    /** Of table t. */
    static RunBackupRequest.Builder backup(String target) {
        return RunBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget(target)
                .setDestination("disk")
                .setActor("test")
                .setSelection(BackupSelection.newBuilder()
                        .addTables(TableName.newBuilder().setName("t")));
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot. */
    Connection held() throws SQLException {
        Connection other = target.connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }

    long readers() {
        return target.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }

    Backup get(String id) {
        return server.backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(id).build())
                .getBackup();
    }

    List<String> listed() {
        return server.backups().listBackups(ListBackupsRequest.getDefaultInstance()).getBackupsList().stream()
                .map(Backup::getBackupId)
                .toList();
    }

    long files(String id) throws IOException {
        try (Stream<Path> all = Files.walk(disk())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(id))
                    .count();
        }
    }

    Run run(String id) {
        return scene.run(id);
    }

    void complete(Iterator<RunBackupResponse> stream, String id) throws IOException {
        stream.forEachRemaining(ignored -> {});
        Run run = run(id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(get(id).getRows()).isEqualTo(1_000);
        assertThat(files(id)).as("a part and the manifest").isEqualTo(2);
    }

    /** A backup of a schema whose rows wait, when they are loaded, as long as there is a session of this name; the schema is gone. */
    String slowly() {
        target.execute(
                "DROP SCHEMA IF EXISTS slowly CASCADE",
                "CREATE SCHEMA slowly",
                "CREATE FUNCTION slowly.wait() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (SELECT FROM"
                        + " pg_stat_activity WHERE application_name = 'caretaker-test-slowly') LOOP"
                        + " PERFORM pg_sleep(0.05), pg_stat_clear_snapshot(); END LOOP; RETURN true; END $$",
                "CREATE TABLE slowly.slow (id int CHECK (slowly.wait()))",
                "INSERT INTO slowly.slow VALUES (1)");
        Iterator<RunBackupResponse> stream = server.backups()
                .runBackup(backup("main")
                        .setSelection(BackupSelection.newBuilder().addSchemas("slowly"))
                        .build());
        String backup = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        target.execute("DROP SCHEMA slowly CASCADE");
        return backup;
    }

    static RestoreBackupRequest restoration(String backup, String target) {
        return RestoreBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(backup)
                .setTarget(target)
                .addSchemas("slowly")
                .setAllowNotEmpty(true)
                .setActor("test")
                .build();
    }

    long restoring() {
        return target.number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'caretaker/restore %'"
                + " AND wait_event = 'PgSleep' AND datname = current_database()");
    }

    @Override
    public void close() throws IOException {
        scene.close();
    }
}
