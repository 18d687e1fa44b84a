package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to one database for short work, opened when needed and kept for the next for a short while. What fails to open
 * fails at once and as what it is. How many there may be is the {@link ServerPlaces server's} affair.
 */
final class Pool {
    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    /** Kept idle. */
    private static final int KEPT = 3;

    private static final int VALIDATION_SECONDS = 2;

    private final Connector connector;
    private final SessionSettings settings;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    Pool(Connector connector, SessionSettings settings) {
        this.connector = connector;
        this.settings = settings;
        connector.places().add(this);
    }

    /** @param since System.nanoTime */
    private record Idle(Connection connection, long since) {}

    <T> T with(Target.Work<T> work) throws SQLException {
        Connection connection = take();
        boolean done = false;
        try {
            T result = work.on(connection);
            done = connection.getAutoCommit();
            return result;
        } finally {
            if (!done || !keep(connection)) {
                connection.close();
            }
        }
    }

    /** A connection that is idle now and answers, the caller's own from now on; empty if there is none. */
    Optional<Connection> giveAway() throws SQLException {
        Optional<Idle> latest;
        while ((latest = latest()).isPresent()) {
            Connection connection = latest.get().connection();
            if (connection.isValid(VALIDATION_SECONDS)) {
                return Optional.of(connection);
            }
            connection.close();
        }
        return Optional.empty();
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        closeIdle(Duration.ZERO);
    }

    /** Closes what was not used for that long. */
    void closeIdle(Duration age) {
        Optional<Idle> old;
        while ((old = oldest(age)).isPresent()) {
            closeQuietly(old.get().connection());
        }
    }

    /** Since when the oldest idle connection is idle, by System.nanoTime; empty if there is none. */
    synchronized OptionalLong idleSince() {
        return idle.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(idle.peekLast().since());
    }

    /** Closes the connection that is idle for longest; false if there is none. */
    boolean closeOldest() {
        Optional<Idle> old = oldest(Duration.ZERO);
        old.ifPresent(one -> closeQuietly(one.connection()));
        return old.isPresent();
    }

    /**
     * Keeps a connection for the next, if there is room.
     *
     * @param connection with the pool's settings
     */
    synchronized boolean keep(Connection connection) throws SQLException {
        if (closed || idle.size() >= KEPT || connection.isClosed()) {
            return false;
        }
        idle.addFirst(new Idle(connection, System.nanoTime()));
        connector.places().oneIsIdle();
        return true;
    }

    private Connection take() throws SQLException {
        Optional<Connection> spare = giveAway();
        return spare.isPresent() ? spare.get() : connector.open(settings, PlaceUse.SHORT);
    }

    private synchronized Optional<Idle> latest() {
        return Optional.ofNullable(idle.pollFirst());
    }

    private synchronized Optional<Idle> oldest(Duration age) {
        boolean due = !idle.isEmpty() && System.nanoTime() - idle.peekLast().since() >= age.toNanos();
        return due ? Optional.of(idle.pollLast()) : Optional.empty();
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing an idle connection failed: {}", e.getMessage());
        }
    }
}
