package dev.caretaker.server.testing;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A Postgres of one's own, durable, that a test may stop, kill and start again on the same port and data. */
public final class CrashableServer implements AutoCloseable {
    private final EmbeddedServer version;
    private final Path data;
    private final int port;
    private EmbeddedPostgres running;

    public CrashableServer(EmbeddedServer version) throws IOException {
        this.version = version;
        this.data = Files.createTempDirectory("crashable");
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        start();
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** Its data folder. */
    Path data() {
        return data;
    }

    public int port() {
        return port;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    public void start() throws IOException {
        running = version.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(3))
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("wal_writer_delay", "10s")
                .setServerConfig("max_connections", "50")
                .start();
    }

    /** An orderly shutdown. */
    public void stop() throws IOException {
        running.close();
    }

    /** SIGKILL to the postmaster: nothing is flushed, nobody is told. */
    public void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        // From here on it begins no process that would hold its shared memory, and keep it from starting again.
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().onExit().join();
        var children = ProcessHandle.of(pid).orElseThrow().children().toList();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(60)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        forget();
    }

    /** Closes what is dead: that it cannot be stopped is no news. */
    private void forget() throws IOException {
        Logger log = (Logger) LoggerFactory.getLogger(EmbeddedPostgres.class);
        Level before = log.getLevel();
        log.setLevel(Level.OFF);
        try {
            running.close();
        } finally {
            log.setLevel(before);
        }
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
