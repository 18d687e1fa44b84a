package dev.caretaker.server.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** A Postgres server of its own with two databases: Caretaker's control store, and one to look after. */
final class DemoDatabase implements Closeable {
    static final String USER = "postgres";
    private static final String CONTROL_STORE = "caretaker";
    private static final String SAMPLE = "demo";

    private final EmbeddedPostgres postgres;

    private DemoDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it with its files in {@code folder}; they go with it. */
    static DemoDatabase start(Path folder) throws IOException, SQLException {
        Path log = folder.resolve("postgres.log");
        DemoDatabase database = new DemoDatabase(EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(true)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setOutputRedirector(Redirect.appendTo(log.toFile()))
                .setErrorRedirector(Redirect.appendTo(log.toFile()))
                // Nothing in here is worth waiting for a disk.
                .setServerConfig("fsync", "off")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_wal_size", "1GB")
                .start());
        try {
            database.create(CONTROL_STORE);
            database.create(SAMPLE);
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    /** The database to look after. */
    DataSource sample() {
        return postgres.getDatabase(USER, SAMPLE);
    }

    /** The control store, which Caretaker fills. */
    DataSource controlStore() {
        return postgres.getDatabase(USER, CONTROL_STORE);
    }

    String controlStoreUrl() {
        return "jdbc:" + url("") + CONTROL_STORE;
    }

    String sampleUrl() {
        return "jdbc:" + url("") + SAMPLE;
    }

    /** The URL that psql understands. */
    String samplePsqlUrl() {
        return url(USER + "@") + SAMPLE;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    private String url(String user) {
        return "postgresql://" + user + "localhost:" + postgres.getPort() + "/";
    }

    private void create(String name) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }
}
