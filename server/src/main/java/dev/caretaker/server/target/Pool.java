package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A few connections to one server for short work, opened when needed and kept for the next. What fails to open fails at
 * once and as what it is. Nothing here lets idle connections go: the server does, by idle_session_timeout.
 */
final class Pool {
    private static final int SIZE = 3;
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int VALIDATION_SECONDS = 2;

    private final String name;
    private final Connector connector;
    private final SessionSettings settings;
    private final Semaphore permits = new Semaphore(SIZE, true);
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    Pool(String name, Connector connector, SessionSettings settings) {
        this.name = name;
        this.connector = connector;
        this.settings = settings;
    }

    <T> T with(Target.Work<T> work) throws SQLException {
        acquire();
        try {
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
        } finally {
            permits.release();
        }
    }

    /** A connection that is idle now and answers, the caller's own from now on; empty if there is none. */
    Optional<Connection> giveAway() throws SQLException {
        Connection connection;
        while ((connection = poll()) != null) {
            if (connection.isValid(VALIDATION_SECONDS)) {
                return Optional.of(connection);
            }
            connection.close();
        }
        return Optional.empty();
    }

    void close() throws SQLException {
        Connection connection;
        synchronized (this) {
            closed = true;
        }
        while ((connection = poll()) != null) {
            connection.close();
        }
    }

    private Connection take() throws SQLException {
        Optional<Connection> idle = giveAway();
        return idle.isPresent() ? idle.get() : connector.open(settings);
    }

    private synchronized Connection poll() {
        return idle.pollFirst();
    }

    /**
     * Keeps a connection for the next, if there is room.
     *
     * @param connection with the pool's settings
     */
    synchronized boolean keep(Connection connection) throws SQLException {
        if (closed || idle.size() >= SIZE || connection.isClosed()) {
            return false;
        }
        idle.addFirst(connection);
        return true;
    }

    private void acquire() {
        try {
            if (permits.tryAcquire(WAIT.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw CaretakerException.of(
                Reason.TARGET_UNREACHABLE,
                "Target " + name + " has no free connection: all " + SIZE + " of Caretaker are busy.",
                Map.of("target", name));
    }
}
