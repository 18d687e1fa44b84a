package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One Postgres with a usual number of connections and very many databases, each with one table to be cleaned. */
final class FleetDatabase implements AutoCloseable {
    static final int MAX_CONNECTIONS = 100;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String OURS =
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + BenchDatabase.CARETAKER_ROLE + "'";
    private static final Map<String, String> SETTINGS = Map.of(
            "max_connections", Integer.toString(MAX_CONNECTIONS), "shared_buffers", "256MB", "autovacuum", "off");

    private final EmbeddedPostgres postgres;
    private volatile int most;
    private volatile boolean closed;

    private FleetDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it with all its files in {@code folder}. */
    static FleetDatabase start(Path folder) {
        return new FleetDatabase(Embedded.start(folder, SETTINGS));
    }

    /** Makes the databases; half of each table's rows are older than a day. */
    void load(int databases, int rows) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + BenchDatabase.CARETAKER_ROLE + " LOGIN");
            statement.execute("GRANT pg_monitor TO " + BenchDatabase.CARETAKER_ROLE);
            statement.execute("CREATE DATABASE fleet_template");
            fill(rows);
            for (int i = 0; i < databases; i++) {
                statement.execute("CREATE DATABASE " + name(i) + " TEMPLATE fleet_template STRATEGY file_copy");
            }
        } catch (SQLException e) {
            throw new BenchException("the databases cannot be made", e);
        }
    }

    private void fill(int rows) throws SQLException {
        try (Connection connection = connect("fleet_template");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL, body text)");
            statement.execute("INSERT INTO events SELECT i, now() - CASE WHEN i * 2 <= " + rows
                    + " THEN interval '2 days' ELSE interval '0' END, md5(i::text) FROM generate_series(1, " + rows
                    + ") AS i");
            statement.execute("CREATE INDEX ON events (at)");
            statement.execute("ALTER TABLE events OWNER TO " + BenchDatabase.CARETAKER_ROLE);
            statement.execute("ANALYZE events");
        }
    }

    /** JDBC URLs by name of the target. */
    Map<String, String> targets(int databases) {
        Map<String, String> targets = new LinkedHashMap<>();
        for (int i = 0; i < databases; i++) {
            targets.put(name(i), url(name(i)));
        }
        return targets;
    }

    static String name(int database) {
        return "fleet" + database;
    }

    /** Makes a database for a control store. */
    String controlStore() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE control");
            return url("control");
        } catch (SQLException e) {
            throw new BenchException("the control store cannot be made", e);
        }
    }

    /** From now on it notes how many connections Caretaker has. */
    void watch() {
        Thread.ofVirtual().name("watch").start(() -> {
            try (Connection connection = connect("postgres")) {
                while (!closed) {
                    most = Math.max(most, (int) number(connection, OURS));
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            } catch (SQLException e) {
                throw new BenchException("the connections cannot be counted", e);
            }
        });
    }

    /** Most connections that Caretaker ever had at a look. */
    int mostConnections() {
        return most;
    }

    /** Connections that Caretaker has now. */
    int connections() {
        try (Connection connection = connect("postgres")) {
            return (int) number(connection, OURS);
        } catch (SQLException e) {
            throw new BenchException("the connections cannot be counted", e);
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", "postgres");
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        postgres.close();
    }
}
