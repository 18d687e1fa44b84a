package dev.caretaker.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** What is copied and restored: five tables, of which one holds half of all rows. */
final class BackupDatabase implements Closeable {
    private static final String NAME = "bench";
    private static final int SMALLER = 4;
    private static final Map<String, String> SETTINGS = Map.of(
            "shared_buffers", "1GB",
            "max_wal_size", "4GB",
            "min_wal_size", "1GB",
            "maintenance_work_mem", "256MB",
            "autovacuum", "off");

    private final Closeable server;
    private final int port;

    private BackupDatabase(Closeable server, int port) {
        this.server = server;
        this.port = port;
    }

    /** @param programs where Postgres and its pg_dump are; empty: the Postgres that comes along, which has none */
    static BackupDatabase start(Optional<Path> programs, Path folder) throws IOException {
        if (programs.isPresent()) {
            InstalledPostgres installed = InstalledPostgres.start(programs.get(), folder, SETTINGS);
            return new BackupDatabase(installed, installed.port());
        }
        var embedded = Embedded.start(folder, SETTINGS);
        return new BackupDatabase(embedded, embedded.getPort());
    }

    /**
     * Makes the tables.
     *
     * @param rows of all of them
     */
    void load(long rows) throws SQLException {
        execute(
                "postgres",
                "CREATE DATABASE " + NAME,
                // It makes and drops the database into which backups are restored.
                "CREATE ROLE " + BenchDatabase.CARETAKER_ROLE + " LOGIN SUPERUSER");
        execute(NAME, "SET bench.rows = " + rows / 2, BenchDatabase.resource("job_occurrences"));
        for (int i = 1; i <= SMALLER; i++) {
            execute(
                    NAME,
                    "CREATE TABLE occurrences_" + i + " AS SELECT * FROM \"JobOccurrences\" WHERE ctid >= ("
                            + "SELECT CAST('(' || relpages / " + SMALLER + " * " + (i - 1)
                            + " || ',0)' AS tid) FROM pg_class"
                            + " WHERE relname = 'JobOccurrences') AND ctid < (SELECT CAST('(' || relpages / " + SMALLER
                            + " * " + i + " || ',0)' AS tid) FROM pg_class WHERE relname = 'JobOccurrences')",
                    "ALTER TABLE occurrences_" + i + " ADD PRIMARY KEY (\"Id\")",
                    "CREATE INDEX ON occurrences_" + i + " (\"CreatedAt\")");
        }
        execute(NAME, "VACUUM (ANALYZE)", "CHECKPOINT");
    }

    /** On disk, with indexes. */
    long bytes() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_database_size('" + NAME + "')")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** So that no contender writes what the one before has left. */
    void settle() throws SQLException {
        execute("postgres", "CHECKPOINT");
    }

    String name() {
        return NAME;
    }

    int port() {
        return port;
    }

    String url() {
        return url(NAME);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", "postgres");
    }

    private void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
