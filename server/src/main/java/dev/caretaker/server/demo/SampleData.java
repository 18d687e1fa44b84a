package dev.caretaker.server.demo;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Data shaped like five real systems, each in a schema of its own: half a million rows, made by the server itself within
 * seconds, the same ones every time but for being relative to now.
 */
final class SampleData {
    static final List<String> SYSTEMS = List.of("milvaion", "meshhook", "runbook", "orchestry", "cryoprotect");

    private final DataSource database;

    SampleData(DataSource database) {
        this.database = database;
    }

    /** Makes all of it. The database must have none of the schemas, and be Postgres 18 or later (it uses uuidv7()). */
    void load() throws SQLException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> loading = new ArrayList<>();
            for (String system : SYSTEMS) {
                loading.add(threads.submit(() -> {
                    execute(script(system));
                    return null;
                }));
            }
            for (Future<?> system : loading) {
                await(system);
            }
        }
        // In a session of its own: the loading sessions would add their rows to the counts that VACUUM just took.
        execute("VACUUM (ANALYZE)");
    }

    /** Exact counts of all tables. */
    List<TableCount> count() throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<TableCount> counts = new ArrayList<>();
            for (TableCount table : Sql.resource("demo/tables")
                    .list(
                            connection,
                            row -> new TableCount(
                                    new TableName(row.getString("schema"), row.getString("name")),
                                    0,
                                    row.getInt("partitions")))) {
                long rows = Sql.of("SELECT count(*) FROM " + Identifiers.quote(table.table()))
                        .one(connection, row -> row.getLong(1));
                counts.add(new TableCount(table.table(), rows, table.partitions()));
            }
            return counts;
        }
    }

    /**
     * All rows of a table.
     *
     * @param rows counted
     * @param hash the sum of a hash of each row's text, which no order changes
     */
    record Content(long rows, String hash) {}

    /** All rows that the table has now. */
    Content content(TableName table) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return Sql.of("SELECT count(*), coalesce(sum(CAST(hashtextextended(CAST(t AS text), 0) AS numeric)), 0)"
                            + " FROM " + Identifiers.quote(table) + " AS t")
                    .one(connection, row -> new Content(row.getLong(1), row.getString(2)));
        }
    }

    /**
     * How much there is in a table.
     *
     * @param rows counted, not estimated
     * @param partitions 0 for a plain table
     */
    record TableCount(TableName table, long rows, int partitions) {}

    private void execute(String script) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private static void await(Future<?> loading) throws SQLException {
        try {
            loading.get();
        } catch (ExecutionException e) {
            throw new SQLException(
                    "the sample data could not be made: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while making the sample data", e);
        }
    }

    private static String script(String system) {
        try (InputStream in = SampleData.class.getResourceAsStream("/demo/" + system + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
