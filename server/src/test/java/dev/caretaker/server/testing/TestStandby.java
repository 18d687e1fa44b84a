package dev.caretaker.server.testing;

import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A primary of one's own and a physical standby that follows it by streaming, made as the manual's low-level base backup:
 * {@code pg_backup_start}, a copy of the data folder, {@code pg_backup_stop}, {@code standby.signal}. Needs no program that
 * the embedded binaries lack.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP">Low level
 *     base backup</a>
 */
public final class TestStandby implements AutoCloseable {
    /** Name of the standby in the primary's pg_stat_replication. */
    public static final String NAME = "test_standby";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** With synchronous commits, what was committed is what {@link #catchUp} waits for. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "off",
            "synchronous_commit", "on",
            "autovacuum", "off",
            "max_connections", "60",
            "max_prepared_transactions", "5",
            "shared_buffers", "32MB",
            "wal_keep_size", "512MB",
            "wal_receiver_status_interval", "1s");
    /** Folders whose files are the running server's own. */
    private static final Set<String> LEFT_OUT =
            Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp");

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Path copy;

    private TestStandby(EmbeddedPostgres primary, EmbeddedPostgres standby, Path copy) {
        this.primary = primary;
        this.standby = standby;
        this.copy = copy;
    }

    /** Starts both; takes a few seconds. */
    public static TestStandby start(EmbeddedServer version) throws IOException, SQLException {
        EmbeddedPostgres primary =
                settled(version).setServerConfig("wal_level", "replica").start();
        Path copy = Files.createTempDirectory("standby");
        try {
            backUp(primary, copy);
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=localhost port=%d user=postgres application_name=%s'%n"
                            .formatted(primary.getPort(), NAME),
                    StandardOpenOption.APPEND);
            EmbeddedPostgres standby = settled(version)
                    .setDataDirectory(copy)
                    .setCleanDataDirectory(false)
                    .start();
            return new TestStandby(primary, standby, copy);
        } catch (IOException | SQLException | RuntimeException e) {
            primary.close();
            delete(copy);
            throw e;
        }
    }

    /** The primary; databases made there appear on the standby. */
    public TestPostgres primary() {
        return TestPostgres.embeddedAt(primary.getPort());
    }

    /** The standby's view of a database of the primary, as the same role. */
    public Database onStandby(Database database) {
        return new Database(
                TestPostgres.embeddedAt(standby.getPort()), database.name(), database.user(), database.password());
    }

    /** A target over a database of the primary, with the standby as its replica. */
    public TargetConfig config(String name, Database database) {
        TargetConfig plain = TestTargets.config(name, database);
        return new TargetConfig(
                plain.name(),
                plain.url(),
                Optional.of(onStandby(database).url()),
                plain.credentials(),
                plain.schemas(),
                plain.driverProperties(),
                plain.lockTimeout(),
                plain.statementTimeout(),
                plain.freeDiskBytes(),
                plain.tuning());
    }

    /** Waits until the standby has replayed all that the primary has written by now. */
    public void catchUp() {
        Database writer = primary().postgres();
        Object written = writer.value("SELECT pg_current_wal_lsn()::text");
        await().atMost(PATIENCE)
                .until(() -> Boolean.TRUE.equals(
                        onStandby(writer).value("SELECT pg_last_wal_replay_lsn() >= '" + written + "'::pg_lsn")));
    }

    /** The standby goes on receiving but replays nothing: it lags more with all that the primary writes. */
    public void pauseReplay() {
        Database reader = onStandby(primary().postgres());
        reader.execute("SELECT pg_wal_replay_pause()");
        await().atMost(PATIENCE).until(() -> "paused".equals(reader.value("SELECT pg_get_wal_replay_pause_state()")));
    }

    public void resumeReplay() {
        onStandby(primary().postgres()).execute("SELECT pg_wal_replay_resume()");
    }

    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
        delete(copy);
    }

    private static EmbeddedPostgres.Builder settled(EmbeddedServer version) {
        EmbeddedPostgres.Builder builder = version.builder().setPGStartupWait(Duration.ofMinutes(3));
        SETTINGS.forEach(builder::setServerConfig);
        return builder;
    }

    /** The session that begins a backup must be the one that ends it. */
    private static void backUp(EmbeddedPostgres server, Path copy) throws IOException, SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            // The functions were renamed in 15, when the exclusive kind went.
            boolean renamed = connection.getMetaData().getDatabaseMajorVersion() >= 15;
            statement.execute(
                    renamed
                            ? "SELECT pg_backup_start('standby', true)"
                            : "SELECT pg_start_backup('standby', true, false)");
            copy(dataFolder(statement), copy);
            try (ResultSet row = statement.executeQuery(
                    "SELECT labelfile FROM " + (renamed ? "pg_backup_stop(false)" : "pg_stop_backup(false, false)"))) {
                row.next();
                Files.writeString(copy.resolve("backup_label"), row.getString(1));
            }
        }
    }

    private static Path dataFolder(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path made = to.resolve(from.relativize(folder));
                if (!Files.exists(made)) {
                    Files.createDirectory(made);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = from.relativize(file);
                if (!relative.startsWith("postmaster.pid")
                        && !relative.startsWith("postmaster.opts")
                        && !LEFT_OUT.contains(relative.getName(0).toString())) {
                    Files.copy(file, to.resolve(relative));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // The server goes on while it is copied; the log tells the standby what became of the file.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
