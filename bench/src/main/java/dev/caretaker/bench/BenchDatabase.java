package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The Postgres that everything is measured on: a template that is loaded once, and a clone of it for each run. */
final class BenchDatabase implements Closeable {
    /** Role that Caretaker works as; the server logs the duration of its statements, and only of its. */
    static final String CARETAKER_ROLE = "caretaker";

    private static final String TEMPLATE = "bench_template";
    private static final String CLONE = "bench";
    private static final String APPLICATION = "application";
    private static final Map<String, String> SETTINGS = settings();

    private final EmbeddedPostgres postgres;
    private final Set<String> templates = new HashSet<>();
    private final Path log;

    private BenchDatabase(EmbeddedPostgres postgres, Path log) {
        this.postgres = postgres;
        this.log = log;
    }

    /** Starts it with all its files in {@code folder}. */
    static BenchDatabase start(Path folder) {
        Path logFolder = folder.resolve("log");
        Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
        settings.put("log_directory", logFolder.toString());
        return new BenchDatabase(Embedded.start(folder, settings), logFolder.resolve("postgres.json"));
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", "1GB");
        settings.put("max_wal_size", "4GB");
        // As on a server that has been busy for days: files of the log are used again. To make one all commits wait.
        settings.put("min_wal_size", "4GB");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("wal_level", "replica");
        // Nothing but the contender works while it is measured.
        settings.put("autovacuum", "off");
        // The duration of every statement of one role, for the batches' durations.
        settings.put("logging_collector", "on");
        settings.put("log_destination", "jsonlog");
        settings.put("log_filename", "postgres");
        settings.put("log_timezone", "UTC");
        settings.put("log_rotation_age", "0");
        settings.put("log_rotation_size", "0");
        return settings;
    }

    /** What the server itself says of its settings. */
    Map<String, String> effectiveSettings() {
        Map<String, String> effective = new LinkedHashMap<>();
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String name : SETTINGS.keySet()) {
                if (!name.startsWith("log")) {
                    effective.put(name, value(statement, "SHOW " + name));
                }
            }
            effective.put("server_version", value(statement, "SHOW server_version"));
            return effective;
        } catch (SQLException e) {
            throw new BenchException("the settings cannot be read", e);
        }
    }

    /** Loads the template of a scenario, unless it is there. */
    void load(Scenario scenario, long rows) {
        String template = template(scenario, rows);
        if (templates.contains(template)) {
            return;
        }
        if (scenario.script().isEmpty()) {
            load(rows);
            return;
        }
        createTemplate(
                template,
                "SET bench.rows = " + rows,
                resource(scenario.script().get()),
                "ALTER TABLE " + scenario.quotedTable() + " OWNER TO " + CARETAKER_ROLE);
        execute(template, "VACUUM (ANALYZE)");
    }

    private static String template(Scenario scenario, long rows) {
        return scenario.script()
                .map(script -> TEMPLATE + "_" + script + "_" + rows)
                .orElse(TEMPLATE);
    }

    /** Loads the template. */
    void load(long rows) {
        loadTemplate(
                "SET bench.rows = " + rows,
                resource("job_occurrences"),
                "ALTER TABLE \"JobOccurrences\" OWNER TO " + CARETAKER_ROLE);
        // Hint bits and the visibility map are set once, not by whoever comes first.
        execute(TEMPLATE, "VACUUM (ANALYZE) \"JobOccurrences\"");
    }

    /** Makes the template by statements. */
    void loadTemplate(String... statements) {
        createTemplate(TEMPLATE, statements);
    }

    private void createTemplate(String template, String... statements) {
        execute("postgres", "CREATE DATABASE " + template);
        createRole();
        execute(template, statements);
        templates.add(template);
    }

    /** Makes the clone by statements instead of from the template. */
    void createClone(String... statements) {
        createRole();
        execute("postgres", "CREATE DATABASE " + CLONE);
        execute(CLONE, statements);
    }

    private void createRole() {
        if (Long.parseLong(query("postgres", "SELECT count(*) FROM pg_roles WHERE rolname = '" + CARETAKER_ROLE + "'"))
                > 0) {
            return;
        }
        execute(
                "postgres",
                "CREATE ROLE " + CARETAKER_ROLE + " LOGIN IN ROLE pg_monitor",
                "ALTER ROLE " + CARETAKER_ROLE + " SET log_min_duration_statement = 0");
    }

    /** Size of all templates. */
    long templateBytes() {
        return templates.stream()
                .mapToLong(template -> Long.parseLong(query("postgres", "SELECT pg_database_size('" + template + "')")))
                .sum();
    }

    /** A database of others, which no cleanup touches. */
    void createApplication(String... statements) {
        execute("postgres", "CREATE DATABASE " + APPLICATION);
        execute(APPLICATION, statements);
    }

    /** From now on nothing is read from the server's log, so nothing is to be written there. */
    void stopLogging() {
        execute("postgres", "ALTER ROLE " + CARETAKER_ROLE + " RESET log_min_duration_statement");
    }

    Connection connectApplication() {
        return connect(APPLICATION);
    }

    /** Rows of the scenario's table in the clone. */
    long rows(Scenario scenario) {
        return Long.parseLong(query(CLONE, "SELECT count(*) FROM " + scenario.quotedTable()));
    }

    /** A fresh clone of a scenario's template, which is loaded if it is not there. */
    void cloneTemplate(Scenario scenario, long rows) {
        load(scenario, rows);
        clone(template(scenario, rows), scenario.droppedIndexes());
    }

    /**
     * Replaces the clone by a fresh one: the same files, flushed, with a checkpoint behind them.
     *
     * @param droppedIndexes indexes that the clone does without
     */
    void cloneTemplate(Iterable<String> droppedIndexes) {
        clone(TEMPLATE, droppedIndexes);
    }

    private void clone(String template, Iterable<String> droppedIndexes) {
        execute(
                "postgres",
                "DROP DATABASE IF EXISTS " + CLONE + " WITH (FORCE)",
                "CREATE DATABASE " + CLONE + " TEMPLATE " + template + " STRATEGY FILE_COPY");
        for (String index : droppedIndexes) {
            execute(CLONE, "DROP INDEX \"" + index + "\"");
        }
        execute("postgres", "CHECKPOINT");
    }

    Connection connectClone() {
        return connect(CLONE);
    }

    int port() {
        return postgres.getPort();
    }

    String cloneUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + CLONE;
    }

    /** Bytes of write-ahead log ever written. */
    long walPosition() {
        return Long.parseLong(query("postgres", "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"));
    }

    /** What is left in the clone. */
    Remainder remainder(Scenario scenario) {
        try (Connection connection = connect(CLONE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*), coalesce(sum(hashtextextended(" + scenario.id()
                        + "::text, 0)::numeric), 0) FROM " + scenario.quotedTable())) {
            row.next();
            return new Remainder(row.getLong(1), row.getString(2));
        } catch (SQLException e) {
            throw new BenchException("the remaining rows cannot be counted", e);
        }
    }

    /**
     * The rows that a run left.
     *
     * @param hash sum of the hashes of their ids
     */
    record Remainder(long rows, String hash) {}

    /** The server's log, in JSON lines. */
    Path log() {
        return log;
    }

    /** Writes a line into the server's log that holds {@code text}, which must not need quoting. */
    void markLog(String text) {
        execute("postgres", "SET log_min_duration_statement = 0", "SELECT '" + text + "'");
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new BenchException("Postgres does not stop", e);
        }
    }

    private Connection connect(String database) {
        try {
            return postgres.getDatabase("postgres", database).getConnection();
        } catch (SQLException e) {
            throw new BenchException("no connection to database " + database, e);
        }
    }

    private void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchException("database " + database, e);
        }
    }

    private String query(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            return value(statement, sql);
        } catch (SQLException e) {
            throw new BenchException("database " + database, e);
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Text of a script. */
    static String resource(String name) {
        try (InputStream in = BenchDatabase.class.getResourceAsStream("/bench/" + name + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchException("resource " + name, e);
        }
    }
}
