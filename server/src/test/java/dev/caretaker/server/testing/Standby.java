package dev.caretaker.server.testing;

import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.TestPostgres.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A physical standby that streams from a {@link CrashableServer}: its files copied between pg_backup_start and
 * pg_backup_stop, as the Postgres docs describe it ("Making a Base Backup Using the Low Level API"), since the embedded
 * binaries have no pg_basebackup.
 */
public final class Standby implements AutoCloseable {
    private final Path data;
    private final EmbeddedPostgres running;

    private Standby(Path data, EmbeddedPostgres running) {
        this.data = data;
        this.running = running;
    }

    /** Copies a primary of version 15 or later and follows it. */
    public static Standby of(CrashableServer primary) throws IOException, SQLException {
        Path data = Files.createTempDirectory("standby");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        try (Connection connection = primary.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', true)");
            copy(primary.data(), data);
            try (var rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                rows.next();
                Files.writeString(data.resolve("backup_label"), rows.getString(1));
            }
        }
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + primary.port()
                        + " user=postgres application_name=standby'\n",
                StandardOpenOption.APPEND);
        EmbeddedPostgres running = EmbeddedServer.NEWEST
                .builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(3))
                .setServerConfig("max_connections", "50")
                .start();
        Standby standby = new Standby(data, running);
        await("the standby streams")
                .atMost(Duration.ofSeconds(30))
                .until(() -> primary.number("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1);
        return standby;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path name = from.relativize(file);
                boolean own = name.startsWith("postmaster.pid") || name.startsWith("postmaster.opts");
                boolean log = name.startsWith("pg_wal") && name.getNameCount() > 1 && !Files.isDirectory(file);
                if (!own && !log && !name.toString().isEmpty()) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    public Database database() {
        return TestPostgres.embeddedAt(running.getPort()).postgres();
    }

    public int port() {
        return running.getPort();
    }

    /** From now on it hears nothing of its primary. */
    public void stopsFollowing() {
        Database database = database();
        database.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        await("the standby no longer streams")
                .atMost(Duration.ofSeconds(30))
                .until(() -> database.number("SELECT count(*) FROM pg_stat_wal_receiver") == 0);
    }

    /** Makes it a primary. */
    public void promote() {
        database().execute("SELECT pg_promote(true, 60)");
    }

    /** From now on it falls behind. */
    public void pauseReplay() {
        database().execute("SELECT pg_wal_replay_pause()");
    }

    public void resumeReplay() {
        database().execute("SELECT pg_wal_replay_resume()");
    }

    @Override
    public void close() throws IOException {
        running.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
