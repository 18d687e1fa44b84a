package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One Postgres with a usual number of connections and very many databases, each with one table to be cleaned. */
final class FleetDatabase implements Closeable {
    static final int MAX_CONNECTIONS = 100;
    static final int MOST_SERVERS = 3;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String OURS = "SELECT usename, count(*) FROM pg_stat_activity WHERE usename LIKE '"
            + BenchDatabase.CARETAKER_ROLE + "%' GROUP BY 1";
    private static final Map<String, String> SETTINGS = Map.of(
            "max_connections", Integer.toString(MAX_CONNECTIONS), "shared_buffers", "256MB", "autovacuum", "off");

    private final EmbeddedPostgres postgres;
    private volatile int most;
    private volatile int mostOfOne;
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
            for (int server = 0; server < MOST_SERVERS; server++) {
                statement.execute("CREATE ROLE " + login(server) + " LOGIN IN ROLE " + BenchDatabase.CARETAKER_ROLE);
            }
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

    /** Fills the tables again that were cleaned. */
    void refill(int databases, int rows) {
        for (int i = 0; i < databases; i++) {
            try (Connection connection = connect(name(i));
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO events SELECT i, now() - interval '2 days', md5(i::text)"
                        + " FROM generate_series(1, " + rows / 2 + ") AS i ON CONFLICT DO NOTHING");
                statement.execute("VACUUM ANALYZE events");
            } catch (SQLException e) {
                throw new BenchException("the databases cannot be filled again", e);
            }
        }
        most = 0;
        mostOfOne = 0;
    }

    /** Login of a server, by which its connections are told from those of others. */
    static String login(int server) {
        return BenchDatabase.CARETAKER_ROLE + "_" + server;
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
                    List<Integer> now = byServer(connection);
                    most = Math.max(most, now.stream().mapToInt(one -> one).sum());
                    mostOfOne = Math.max(
                            mostOfOne, now.stream().mapToInt(one -> one).max().orElse(0));
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            } catch (SQLException e) {
                throw new BenchException("the connections cannot be counted", e);
            }
        });
    }

    /** Most connections that all servers together had at a look, since the tables were filled. */
    int mostConnections() {
        return most;
    }

    /** Most that one of them had. */
    int mostConnectionsOfOne() {
        return mostOfOne;
    }

    /** Connections that Caretaker has now. */
    int connections() {
        try (Connection connection = connect("postgres")) {
            return byServer(connection).stream().mapToInt(one -> one).sum();
        } catch (SQLException e) {
            throw new BenchException("the connections cannot be counted", e);
        }
    }

    /** Connections of each server that has some. */
    private static List<Integer> byServer(Connection connection) throws SQLException {
        List<Integer> counts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OURS)) {
            while (row.next()) {
                counts.add(row.getInt(2));
            }
        }
        return counts;
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
