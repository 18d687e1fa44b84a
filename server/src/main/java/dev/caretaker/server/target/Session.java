package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session at a target that is ours alone: its settings are made once for all its statements, and it is closed when the
 * work is done. Used by one thread at a time, but for {@link #cancelStatement}.
 */
public final class Session implements AutoCloseable {
    /** First key of the advisory locks that fence relations: "CARE" in ASCII. The second key is the relation's oid. */
    public static final int FENCE_CLASS = 0x43415245;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Connection connection;
    private final BackendIdentity identity;
    private final Capabilities capabilities;

    Session(Connection connection) throws SQLException {
        this.connection = connection;
        Answer answer = Sql.resource("target/backend_identity").one(connection, Answer::read);
        this.identity = answer.identity();
        this.capabilities = answer.capabilities();
    }

    private record Answer(BackendIdentity identity, Capabilities capabilities) {
        static Answer read(ResultSet row) throws SQLException {
            return new Answer(
                    new BackendIdentity(
                            row.getInt("pid"),
                            row.getObject("backend_start", OffsetDateTime.class).toInstant(),
                            row.getObject("postmaster_start", OffsetDateTime.class)
                                    .toInstant(),
                            row.getLong("system_identifier"),
                            row.getInt("timeline")),
                    new Capabilities(row.getInt("version_number")));
        }
    }

    public Connection connection() {
        return connection;
    }

    public BackendIdentity identity() {
        return identity;
    }

    public Capabilities capabilities() {
        return capabilities;
    }

    /** Takes the fence of a relation if nobody else holds it; held until the session ends. */
    public boolean tryFence(long oid) throws SQLException {
        return Sql.of("SELECT pg_catalog.pg_try_advisory_lock(?, ?)", FENCE_CLASS, (int) oid)
                .one(connection, row -> row.getBoolean(1));
    }

    /**
     * Lets sessions that help this one, which has taken the fence, {@linkplain #joinFence join} it. Whoever wants to take it
     * still waits for all of them.
     */
    public void shareFence(long oid) throws SQLException {
        Sql.of(
                        "SELECT pg_catalog.pg_try_advisory_lock_shared(lock.class, lock.oid),"
                                + " pg_catalog.pg_advisory_unlock(lock.class, lock.oid)"
                                + " FROM (SELECT CAST(? AS int) AS class, CAST(? AS int) AS oid) lock",
                        FENCE_CLASS,
                        (int) oid)
                .one(connection, row -> row.getBoolean(1));
    }

    /** Takes part in a shared fence; held until the session ends. False if somebody holds it alone. */
    public boolean joinFence(long oid) throws SQLException {
        return Sql.of("SELECT pg_catalog.pg_try_advisory_lock_shared(?, ?)", FENCE_CLASS, (int) oid)
                .one(connection, row -> row.getBoolean(1));
    }

    /** Whether this end has closed it, or found it closed. May be called from any thread. */
    public boolean isClosed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException("a driver tells this without asking the server", e);
        }
    }

    /** Asks the server to cancel the statement that runs now, if any. May be called from any thread. */
    public void cancelStatement() throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Closes it after what it was for is done or lost: what goes wrong then changes nothing. */
    public void closeQuietly() {
        try {
            close();
        } catch (SQLException e) {
            LOG.debug("closing a session failed: {}", e.getMessage());
        }
    }
}
