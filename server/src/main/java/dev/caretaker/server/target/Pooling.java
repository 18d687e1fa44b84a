package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a proxy between Caretaker and a server hands out the server's backends. */
public enum Pooling {
    /** No proxy. */
    NONE,
    /** One backend for as long as the client is connected: as good as none. */
    SESSION,
    /** Another backend for every transaction: sessions are nobody's own. */
    TRANSACTION,
    /** The proxy did not answer the question: taken for the worst. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(Pooling.class);
    private static final int ROUNDS = 4;
    private static final int RIVAL_TIMEOUT_MILLIS = 3_000;

    /**
     * Tells session pooling from transaction pooling on a connection known to be proxied. A pooler of transactions takes
     * the backend away as soon as the connection is idle: a rival that begins a transaction then gets just that one
     * (poolers hand out the latest used), or the connection itself gets another one (the rival's, once that is free, or
     * whichever's turn it is). A pooler of sessions lets none of it happen. Nothing is set and nothing is written.
     *
     * @param connector opens another connection through the same proxy
     */
    static Pooling detect(Connection connection, Connector connector) throws SQLException {
        Set<Integer> own = new HashSet<>();
        own.add(backend(connection));
        try (Connection rival = connector.open("caretaker/check")) {
            rival.setNetworkTimeout(Runnable::run, RIVAL_TIMEOUT_MILLIS);
            rival.setAutoCommit(false);
            for (int i = 0; i < ROUNDS; i++) {
                if (own.contains(backend(rival))) {
                    return TRANSACTION;
                }
                own.add(backend(connection));
                rival.rollback();
                own.add(backend(connection));
                if (own.size() > 1) {
                    return TRANSACTION;
                }
            }
            return SESSION;
        } catch (SQLException e) {
            LOG.debug("The proxy gave a second connection no answer", e);
            return UNKNOWN;
        }
    }

    /** A plain statement, since one prepared on a backend may not be known on the next. */
    private static int backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Opens a connection with nothing set. */
    @FunctionalInterface
    interface Connector {
        Connection open(String applicationName) throws SQLException;
    }
}
