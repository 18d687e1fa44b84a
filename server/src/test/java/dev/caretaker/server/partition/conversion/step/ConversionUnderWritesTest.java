package dev.caretaker.server.partition.conversion.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A writer that keeps a ledger, a reader that is in the way, and a watcher of locks, through a conversion and back. */
class ConversionUnderWritesTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String TABLE = "shop.\"Job Occurrences\"";
    /** Longest that a session of the application may wait for us. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final String WAITS = "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - l.waitstart)), 0)"
            + " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
            + " WHERE NOT l.granted AND a.application_name = 'application' AND a.datname = current_database()";

    @ParameterizedTest
    @MethodSource(BOTH)
    void nothing_is_lost_doubled_or_refused_and_nobody_waits_for_long(TestPostgres server) throws Exception {
        Tried tried = UntidyTable.on(server);
        Database database = tried.database();
        ConversionParameters parameters = tried.parameters();
        database.execute("CREATE TABLE shop.ledger (code text PRIMARY KEY, amount numeric)");
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> writer = threads.submit(() -> write(database, stop));
            Future<Integer> reader = threads.submit(() -> read(database, stop));
            Future<Double> longest = threads.submit(() -> watch(database, stop));
            try {
                tried.convert(parameters);
                tried.revert(parameters);
            } finally {
                stop.set(true);
            }
            assertThat(writer.get()).isPositive();
            assertThat(reader.get()).isPositive();
            assertThat(longest.get())
                    .as("seconds that a session waited for a lock")
                    .isLessThan(LONGEST.toSeconds());
        }
        assertThat(database.number("SELECT count(*) FROM shop.ledger l FULL JOIN" + " (SELECT code, amount FROM "
                        + TABLE + " WHERE code LIKE 'w%') t USING (code) WHERE l.amount IS DISTINCT FROM t.amount"))
                .isZero();
        assertThat(database.number("SELECT count(*) - count(DISTINCT code) FROM " + TABLE))
                .isZero();
    }

    /** Inserts, updates, and deletes each third row; no statement may fail. */
    private static int write(Database database, AtomicBoolean stop) throws SQLException {
        int rows = 0;
        try (Connection connection = application(database)) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                String code = "w" + rows;
                execute(
                        connection,
                        "INSERT INTO " + TABLE + " (owner, \"End Time\", code, amount) VALUES (1, now(), ?, 1)",
                        code);
                execute(connection, "INSERT INTO shop.ledger VALUES (?, 7)", code);
                execute(connection, "UPDATE " + TABLE + " SET amount = 7 WHERE code = ?", code);
                if (rows % 3 == 0) {
                    execute(connection, "DELETE FROM " + TABLE + " WHERE code = ?", code);
                    execute(connection, "DELETE FROM shop.ledger WHERE code = ?", code);
                }
                connection.commit();
                rows++;
            }
        }
        return rows;
    }

    /** Transactions that hold a lock for a while, so that exclusive ones have to wait, and others behind them. */
    private static int read(Database database, AtomicBoolean stop) throws SQLException {
        int transactions = 0;
        try (Connection connection = application(database)) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("SELECT count(*) FROM " + TABLE);
                    statement.execute("SELECT pg_sleep(0.05)");
                }
                connection.commit();
                transactions++;
            }
        }
        return transactions;
    }

    /** The longest wait that was seen, every 20 ms. */
    private static double watch(Database database, AtomicBoolean stop) throws SQLException, InterruptedException {
        double longest = 0;
        try (Connection connection = database.connect();
                PreparedStatement waits = connection.prepareStatement(WAITS)) {
            while (!stop.get()) {
                try (var row = waits.executeQuery()) {
                    row.next();
                    longest = Math.max(longest, row.getDouble(1));
                }
                Thread.sleep(20);
            }
        }
        return longest;
    }

    private static Connection application(Database database) throws SQLException {
        Connection connection = database.connect();
        try (var statement = connection.createStatement()) {
            statement.execute("SET application_name = application");
        }
        return connection;
    }

    private static void execute(Connection connection, String sql, String code) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, code);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }
}
