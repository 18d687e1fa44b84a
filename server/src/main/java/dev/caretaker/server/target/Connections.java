package dev.caretaker.server.target;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one target: sessions for work of its own, pools for short work, and how one becomes the other. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final TargetConfig config;
    private final Connector primary;
    private final Optional<Connector> replica;
    private final SessionSettings pooled;
    private final Pool primaryPool;
    private final Pool readerPool;

    Connections(TargetConfig config, Connector primary, Optional<Connector> replica) {
        this.config = config;
        this.primary = primary;
        this.replica = replica;
        this.pooled = SessionSettings.pooled(config.lockTimeout(), config.statementTimeout());
        this.primaryPool = new Pool(primary, pooled);
        this.readerPool = replica.map(connector -> new Pool(connector, pooled)).orElse(primaryPool);
    }

    Connector primary() {
        return primary;
    }

    Optional<Connector> replica() {
        return replica;
    }

    /** Settings of a session for work. */
    SessionSettings work(String applicationName) {
        return SessionSettings.work(applicationName, config.lockTimeout(), config.statementTimeout());
    }

    /** See {@link Target#openSession}. */
    Session openSession(String applicationName) {
        return open(() -> {
            SessionSettings settings = work(applicationName);
            Optional<Connection> idle = idleForWork();
            return idle.isPresent() ? primary.reopen(idle.get(), settings) : primary.open(settings, PlaceUse.WORK);
        });
    }

    private Optional<Connection> idleForWork() throws SQLException {
        Optional<Connection> idle = primaryPool.giveAway();
        if (idle.isEmpty() || PlacedConnection.placeOf(idle.get()).becomes(PlaceUse.WORK)) {
            return idle;
        }
        idle.get().close();
        return Optional.empty();
    }

    /** Opens a session on the primary, on a new connection. */
    Session open(SessionSettings settings, PlaceUse use) {
        return open(() -> primary.open(settings, use));
    }

    private Session open(ServerPlaces.Opener opener) {
        try {
            Connection connection = opener.open();
            try {
                return new Session(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw PostgresErrors.translate(config.name(), e);
        }
    }

    /** See {@link Target#withPrimary}. */
    <T> T onPrimary(Target.Work<T> work) {
        return on(primaryPool, work);
    }

    /** See {@link Target#withReader}. */
    <T> T onReader(Target.Work<T> work) {
        return on(readerPool, work);
    }

    private <T> T on(Pool pool, Target.Work<T> work) {
        try {
            return pool.with(work);
        } catch (SQLException e) {
            throw PostgresErrors.translate(config.name(), e);
        }
    }

    /** See {@link Target#withLogin}. */
    <T> T withLogin(Credentials login, boolean reader, Target.Work<T> work) {
        Connector connector = (reader ? replica.orElse(primary) : primary).as(login);
        try (Connection connection = connector.open(pooled, PlaceUse.SHORT)) {
            return work.on(connection);
        } catch (SQLException e) {
            throw PostgresErrors.translate(config.name(), e);
        }
    }

    /** See {@link Target#withSession}. */
    <T> T inSession(String applicationName, Target.SessionWork<T> work) {
        Session session = openSession(applicationName);
        boolean kept = false;
        try {
            T result = work.on(session);
            kept = keep(session.connection());
            return result;
        } catch (SQLException e) {
            throw PostgresErrors.translate(config.name(), e);
        } finally {
            if (!kept) {
                session.closeQuietly();
            }
        }
    }

    /** The work is done: a connection that cannot be kept must not spoil it. */
    private boolean keep(Connection connection) {
        try {
            if (!connection.getAutoCommit()) {
                return false;
            }
            makeShort(connection);
            return primaryPool.keep(connection);
        } catch (SQLException e) {
            tellNotKept(e);
            return false;
        }
    }

    /** See {@link Target#leave}. */
    Optional<WarmConnection> leave(Session session, boolean clean) {
        Connection connection = session.connection();
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            makeShort(connection);
            return Optional.of(
                    new WarmConnection(config.name(), connection, clean ? primaryPool::keep : none -> false));
        } catch (SQLException e) {
            tellNotKept(e);
            session.closeQuietly();
            return Optional.empty();
        }
    }

    /** What worked is as one of the pool from now on. */
    private void makeShort(Connection connection) throws SQLException {
        Connector.renew(connection, pooled);
        PlacedConnection.placeOf(connection).becomes(PlaceUse.SHORT);
    }

    private void tellNotKept(SQLException why) {
        LOG.info("target {}: a connection is not kept: {}", config.name(), why.getMessage());
    }

    void close() {
        primaryPool.close();
        readerPool.close();
    }
}
