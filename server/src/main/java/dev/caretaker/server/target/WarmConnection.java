package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose session is over, for one more piece of short work: another one would have to be opened and read the catalogs
 * again. Name, role, settings and fences of the session are gone; where others' code may have left more, it is closed afterwards.
 */
public final class WarmConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmConnection.class);

    private final String target;
    private final Connection connection;
    private final Keeper keeper;

    /** @param keeper has it when the work is done, if it wants it */
    WarmConnection(String target, Connection connection, Keeper keeper) {
        this.target = target;
        this.connection = connection;
        this.keeper = keeper;
    }

    /** Does short work, as {@link Target#withPrimary} does. */
    public <T> T with(Target.Work<T> work) {
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw PostgresErrors.translate(target, e);
        }
    }

    /** Leaves it to whoever comes next, or closes it. */
    @Override
    public void close() {
        try {
            if (!isKept()) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("closing a connection failed: {}", e.getMessage());
        }
    }

    /** One that broke meanwhile answers nothing, and has to be closed all the same: else its place would stay taken. */
    private boolean isKept() {
        try {
            return connection.getAutoCommit() && keeper.keep(connection);
        } catch (SQLException e) {
            LOG.debug("a connection is not kept: {}", e.getMessage());
            return false;
        }
    }

    /** Keeps a connection for the next. */
    @FunctionalInterface
    interface Keeper {
        /** @return false if it does not */
        boolean keep(Connection connection) throws SQLException;
    }
}
