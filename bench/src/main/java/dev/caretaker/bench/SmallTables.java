package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A Postgres with tables on which there is little to do. */
final class SmallTables implements Closeable {
    /** A database apart, in which nothing is left to do. */
    static final String IDLE = "idle";

    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "wal_level", "replica",
            "autovacuum", "off",
            "shared_buffers", "512MB",
            "max_wal_size", "4GB");

    private final EmbeddedPostgres postgres;

    private SmallTables(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it with all its files in {@code folder}. */
    static SmallTables start(Path folder) {
        SmallTables tables = new SmallTables(Embedded.start(folder, SETTINGS));
        tables.execute(
                "postgres",
                "CREATE ROLE " + BenchDatabase.CARETAKER_ROLE + " LOGIN IN ROLE pg_monitor",
                "GRANT CREATE ON SCHEMA public TO " + BenchDatabase.CARETAKER_ROLE,
                "CREATE DATABASE " + IDLE);
        return tables;
    }

    /** A table of daily partitions that end 99 days ago, and one of today; whatever was there of that name. */
    void partitioned(String table, int partitions, int rowsEach) {
        execute(
                "postgres",
                "DROP TABLE IF EXISTS " + table,
                "SET ROLE " + BenchDatabase.CARETAKER_ROLE,
                "CREATE TABLE " + table + " (id bigint NOT NULL, at timestamptz NOT NULL, body text,"
                        + " PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE INDEX ON " + table + " (at)",
                """
                DO $$
                DECLARE
                    today timestamptz := date_trunc('day', now());
                BEGIN
                    FOR i IN 1..%2$d LOOP
                        EXECUTE format('CREATE TABLE %1$s_%%s PARTITION OF %1$s FOR VALUES FROM (%%L) TO (%%L)', i,
                                       today - (99 + i) * interval '1 day', today - (98 + i) * interval '1 day');
                        EXECUTE format('INSERT INTO %1$s_%%s SELECT g, %%L::timestamptz + g * interval ''10 ms'','
                                       ' repeat(''x'', 100) FROM generate_series(1, %3$d) g', i,
                                       today - (99 + i) * interval '1 day');
                    END LOOP;
                    EXECUTE format('CREATE TABLE %1$s_now PARTITION OF %1$s FOR VALUES FROM (%%L) TO (%%L)',
                                   today, today + interval '1 day');
                END $$\
                """.formatted(table, partitions, rowsEach),
                "RESET ROLE",
                "ANALYZE " + table,
                "CHECKPOINT");
    }

    /** Rows in the order of their time, an index on it, and 3 % of them older than 30 days. */
    void clustered(String database, String table, long rows, double oldShare) {
        execute(
                database,
                "DROP TABLE IF EXISTS " + table,
                "CREATE TABLE " + table + " (id bigint, at timestamptz NOT NULL, body text)",
                "INSERT INTO " + table + " SELECT g, now() - interval '30 days' + (g - " + oldShare + " * " + rows
                        + ") * interval '1 ms', repeat('x', 100) FROM generate_series(1, " + rows + ") g",
                "CREATE INDEX ON " + table + " (at)",
                "ALTER TABLE " + table + " OWNER TO " + BenchDatabase.CARETAKER_ROLE,
                "VACUUM ANALYZE " + table,
                "CHECKPOINT");
    }

    void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchException("the tables cannot be made", e);
        }
    }

    /** Seconds, with the connection. */
    double timed(String... statements) {
        long begin = System.nanoTime();
        execute("postgres", statements);
        return (System.nanoTime() - begin) / 1e9;
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", "postgres");
    }

    String url(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
