package dev.caretaker.bench;

import java.io.Closeable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Several tables with dead rows and three indexes each, cloned for each piece of work. */
final class UpkeepDatabase implements Closeable {
    private static final String INDEXES = "SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
            + " JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname LIKE 'job\\_%' ORDER BY 1";

    private final BenchDatabase database;
    private final int tables;
    private final long rows;

    private UpkeepDatabase(BenchDatabase database, int tables, long rows) {
        this.database = database;
        this.tables = tables;
        this.rows = rows;
    }

    /** Starts it with all its files in {@code folder}, and loads {@code tables} tables of {@code rows} rows. */
    static UpkeepDatabase start(Path folder, int tables, long rows) {
        BenchDatabase database = BenchDatabase.start(folder);
        try {
            database.loadTemplate(
                    // Nothing is read from the log, so nothing is to be written there.
                    "ALTER ROLE " + BenchDatabase.CARETAKER_ROLE + " RESET log_min_duration_statement",
                    "SET bench.tables = " + tables,
                    "SET bench.rows = " + rows,
                    "SET bench.owner = " + BenchDatabase.CARETAKER_ROLE,
                    BenchDatabase.resource("upkeep_tables"));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        return new UpkeepDatabase(database, tables, rows);
    }

    Map<String, String> effectiveSettings() {
        return database.effectiveSettings();
    }

    String url() {
        return database.cloneUrl();
    }

    int port() {
        return database.port();
    }

    long rows() {
        return rows;
    }

    /** Replaces the clone by a fresh one. */
    void restore() {
        database.cloneTemplate(List.of());
    }

    Connection connect() {
        return database.connectClone();
    }

    List<String> tables() {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= tables; number++) {
            names.add("job_" + number);
        }
        return names;
    }

    List<String> indexes() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(INDEXES)) {
            List<String> names = new ArrayList<>();
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        }
    }

    /** Names of the tables, or of the indexes. */
    List<String> subjects(Upkeep work) throws SQLException {
        return work == Upkeep.REINDEX ? indexes() : tables();
    }

    /** Makes sure that all of it was done: what is vacuumed is all visible, what is rebuilt is newer than any table. */
    void requireDone(Upkeep work) throws SQLException {
        String undone = work == Upkeep.REINDEX
                ? "SELECT count(*) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid ="
                        + " i.indrelid WHERE t.relname LIKE 'job\\_%' AND (c.relfilenode < (SELECT max(oid) FROM pg_class"
                        + " WHERE relname LIKE 'job\\_%' AND relkind = 'r') OR NOT i.indisvalid)"
                : "SELECT count(*) FROM pg_class WHERE relname LIKE 'job\\_%' AND relkind = 'r'"
                        + " AND relallvisible < 0.9 * relpages";
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(undone)) {
            row.next();
            if (row.getInt(1) > 0) {
                throw new BenchException(work.key() + " left " + row.getInt(1) + " as they were");
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
