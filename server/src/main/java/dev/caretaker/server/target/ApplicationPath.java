package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The search_path that the role brings along, in which the application's own code expects to run.
 *
 * <p>A session finds names in {@code pg_catalog, pg_temp} alone: an operator or function that somebody put into a schema of
 * the role's path would else be taken instead of the catalog's wherever its arguments fit better. What plans or runs a
 * statement on a table of the application needs the role's path all the same, because triggers, domains and the SQL functions
 * in index expressions may rely on it. Such a statement therefore qualifies every operator, function and type that it names.
 */
public final class ApplicationPath {
    /** Set by {@code session_settings.sql} from what the role has. */
    private static final String PATH = "pg_catalog.current_setting('caretaker.application_path')";

    private static final String CATALOG = "'pg_catalog, pg_temp'";

    private ApplicationPath() {}

    /** Work within an application's path. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Takes it on until the session is renewed or closed, or {@link #leave left}. */
    public static void enter(Connection connection) throws SQLException {
        set(connection, PATH, false);
    }

    /** Takes it on until the end of the transaction that is open. */
    public static void enterLocally(Connection connection) throws SQLException {
        set(connection, PATH, true);
    }

    /** Names are those of the catalog again. */
    public static void leave(Connection connection) throws SQLException {
        set(connection, CATALOG, false);
    }

    /** Does work within it, and leaves it. */
    public static <T> T within(Connection connection, Work<T> work) throws SQLException {
        enter(connection);
        try {
            T result = work.run();
            leave(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            leave(connection, e);
            throw e;
        }
    }

    /** After a failure: a transaction that is broken, or a connection that is lost, takes the path with it. */
    private static void leave(Connection connection, Exception cause) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            leave(connection);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void set(Connection connection, String path, boolean local) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('search_path', " + path + ", " + local + ")")
                .one(connection, row -> row.getString(1));
    }
}
