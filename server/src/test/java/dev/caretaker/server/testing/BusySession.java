package dev.caretaker.server.testing;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.postgresql.PGConnection;

/** A session that works on one statement in the background, until it is closed or somebody breaks it off. */
public final class BusySession implements AutoCloseable {
    /** Cancelled, terminated, or gone with its server. */
    private static final Set<String> BROKEN_OFF = Set.of("57014", "57P01", "08006", "08003");

    private final Connection connection;
    private final int pid;
    private final Thread thread;
    private volatile SQLException failure;

    private BusySession(Connection connection, String sql) throws SQLException {
        this.connection = connection;
        this.pid = connection.unwrap(PGConnection.class).getBackendPID();
        this.thread = Thread.ofVirtual().start(() -> work(sql));
    }

    public static BusySession on(Database database, String sql) throws SQLException {
        return new BusySession(database.connect(), sql);
    }

    /** Under a name of its own, by which others tell what it does. */
    public static BusySession named(Database database, String application, String sql) throws SQLException {
        Connection connection = database.connect();
        connection.setClientInfo("ApplicationName", application);
        return new BusySession(connection, sql);
    }

    public int pid() {
        return pid;
    }

    /** Waits until its statement has ended. */
    public void awaitEnd() throws InterruptedException {
        thread.join();
    }

    private void work(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            failure = e;
        }
    }

    /** Fails if the statement ended by an error of its own. */
    @Override
    public void close() throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
        if (failure != null && !BROKEN_OFF.contains(failure.getSQLState())) {
            throw failure;
        }
    }
}
