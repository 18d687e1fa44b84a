package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** A Postgres with partitioned tables for upkeep: daily ones with three indexes and two foreign keys. */
final class PartitionTables implements Closeable {
    private static final Map<String, String> SETTINGS = Map.of(
            "autovacuum", "off",
            "shared_buffers", "512MB",
            "max_wal_size", "4GB",
            "max_locks_per_transaction", "256");

    private final EmbeddedPostgres postgres;

    private PartitionTables(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it with all its files in {@code folder}. */
    static PartitionTables start(Path folder) {
        PartitionTables tables = new PartitionTables(Embedded.start(folder, SETTINGS));
        tables.execute(
                "CREATE ROLE " + BenchDatabase.CARETAKER_ROLE + " LOGIN SUPERUSER",
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "CREATE TABLE kinds (id int PRIMARY KEY)",
                "INSERT INTO owners SELECT generate_series(1, 100)",
                "INSERT INTO kinds SELECT generate_series(1, 10)");
        return tables;
    }

    /** A table by days without partitions, whatever was there of that name. */
    void create(String table) {
        execute(
                "DROP TABLE IF EXISTS " + table,
                "CREATE TABLE " + table + " (id bigint NOT NULL, at timestamptz NOT NULL, owner int REFERENCES owners,"
                        + " kind int REFERENCES kinds, body text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE INDEX ON " + table + " (at)",
                "CREATE INDEX ON " + table + " (owner, at)");
    }

    /** As somebody would do it by hand who knows what to do: on its own, then attached. Seconds. */
    double createByHand(String table, int partitions) {
        LocalDate day = LocalDate.now(ZoneOffset.UTC);
        long begin = System.nanoTime();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET timezone = 'UTC'");
            for (int i = 0; i < partitions; i++) {
                String name = table + "_p" + day.plusDays(i).toString().replace("-", "");
                statement.execute("CREATE TABLE " + name + " (LIKE " + table + " INCLUDING ALL)");
                statement.execute("ALTER TABLE " + table + " ATTACH PARTITION " + name + " FOR VALUES FROM ('"
                        + day.plusDays(i) + "') TO ('" + day.plusDays(i + 1L) + "')");
            }
        } catch (SQLException e) {
            throw new BenchException("the partitions cannot be made", e);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** A table whose rows of the last days lie in its default partition. */
    void createWithDefault(String table, long rows) {
        create(table);
        execute(
                "CREATE TABLE " + table + "_default PARTITION OF " + table + " DEFAULT",
                "INSERT INTO " + table + " SELECT i, now() - i * interval '1 second' / 100, 1 + i % 100, 1 + i % 10,"
                        + " repeat('x', 60) FROM generate_series(1, " + rows + ") i",
                "VACUUM ANALYZE " + table);
    }

    /** The partition that was adopted, which has most of the rows, is the default one again and the only one. */
    void undoAdoption(String table) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DO $$ DECLARE adopted regclass; other regclass; BEGIN"
                    + " SELECT inhrelid INTO adopted FROM pg_inherits WHERE inhparent = '" + table
                    + "'::regclass ORDER BY pg_relation_size(inhrelid) DESC LIMIT 1;"
                    + " FOR other IN SELECT inhrelid FROM pg_inherits WHERE inhparent = '" + table
                    + "'::regclass AND inhrelid <> adopted LOOP EXECUTE format('DROP TABLE %s', other); END LOOP;"
                    + " EXECUTE format('ALTER TABLE " + table + " DETACH PARTITION %s', adopted);"
                    + " EXECUTE format('ALTER TABLE %s RENAME TO " + table + "_default', adopted);"
                    + " ALTER TABLE " + table + " ATTACH PARTITION " + table + "_default DEFAULT;"
                    + " END $$");
        } catch (SQLException e) {
            throw new BenchException("the adoption cannot be undone", e);
        }
    }

    void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchException("the tables cannot be made", e);
        }
    }

    long number(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new BenchException("the tables cannot be counted", e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
