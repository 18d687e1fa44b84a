package dev.caretaker.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A Postgres whose catalog is large: very many small tables. */
final class CatalogDatabase implements Closeable {
    /** Index definitions to choose from; the first is the primary key. */
    private static final List<String> INDEXES =
            List.of("a", "a, b", "c", "lower(b)", "b, c", "c, a", "d", "a, d", "b, d");

    static final int MOST_INDEXES = INDEXES.size() + 1;

    private static final int TABLES_A_TRANSACTION = 200;
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "off",
            "autovacuum", "off",
            "shared_buffers", "512MB",
            "max_locks_per_transaction", "256");

    private final EmbeddedPostgres postgres;

    private CatalogDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it with all its files in {@code folder}. */
    static CatalogDatabase start(Path folder) {
        return new CatalogDatabase(Embedded.start(folder, SETTINGS));
    }

    /** Makes the tables, with a few rows each, and analyzes them. */
    void load(int tables, int indexes) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + BenchDatabase.CARETAKER_ROLE + " LOGIN SUPERUSER");
            connection.setAutoCommit(false);
            for (int table = 1; table <= tables; table++) {
                statement.addBatch(
                        "CREATE TABLE t_" + table + " (id int PRIMARY KEY, a int, b text, c timestamptz, d int)");
                for (String columns : INDEXES.subList(0, indexes - 1)) {
                    statement.addBatch("CREATE INDEX ON t_" + table + " (" + columns + ")");
                }
                statement.addBatch("INSERT INTO t_" + table
                        + " SELECT i, i, md5(i::text), now(), i FROM generate_series(1, 100) AS i");
                if (table % TABLES_A_TRANSACTION == 0 || table == tables) {
                    statement.executeBatch();
                    connection.commit();
                }
            }
            connection.setAutoCommit(true);
            statement.execute("ANALYZE");
        } catch (SQLException e) {
            throw new BenchException("the tables cannot be made", e);
        }
    }

    /** Changes half of the rows of the first tables, so that they need work. */
    void change(int tables) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            for (int table = 1; table <= tables; table++) {
                statement.addBatch("UPDATE t_" + table + " SET d = 0 WHERE id <= 50");
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new BenchException("the tables cannot be changed", e);
        }
    }

    String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
