package dev.caretaker.server.target;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.PostgresUrl;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.config.TargetConfig.TuningConfig;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A database Caretaker looks after: the doors to its primary and, where there is one, to its replica.
 *
 * <p>All of them fail with TARGET_UNREACHABLE, MISSING_PRIVILEGE (login refused, or transactions read-only by default),
 * UNSUPPORTED_SERVER (older than 14) or TRANSACTION_POOLING; those to the primary also with IS_STANDBY. An
 * {@link SQLException} of pooled work becomes a CaretakerException through {@link PostgresErrors}.
 */
public final class Target {
    private final TargetConfig config;
    private final Function<String, ServerPlaces> places;
    private final Tuning tuning;
    private final Connections connections;

    /**
     * @param places those of the server with these hosts
     */
    Target(TargetConfig config, Function<String, ServerPlaces> places) {
        this.config = config;
        this.places = places;
        this.tuning = tuning(config.tuning());
        this.connections = new Connections(
                config,
                Connector.toPrimary(config, places.apply(hosts("url", config.url()))),
                config.replicaUrl()
                        .map(url -> Connector.toReplica(config, url, places.apply(hosts("replica-url", url)))));
    }

    private String hosts(String key, String url) {
        return PostgresUrl.of(config.key() + "." + key, url).hosts();
    }

    public String name() {
        return config.name();
    }

    /** Hosts and ports of the server of its primary: equal for the databases of one. */
    public String server() {
        return hosts("url", config.url());
    }

    /** Hosts, ports and database of the primary, without credentials. */
    public String primaryAddress() {
        return PostgresUrl.of(config.key() + ".url", config.url()).toString();
    }

    /** The same of the replica. */
    public Optional<String> replicaAddress() {
        return config.replicaUrl()
                .map(url -> PostgresUrl.of(config.key() + ".replica-url", url).toString());
    }

    /** Whether the latest attempt of this process to connect to the primary succeeded; empty before the first. */
    public Optional<Boolean> reached() {
        return connections.primary().reached();
    }

    /** Schemas that may be touched; empty means all but system schemas. */
    public List<String> schemas() {
        return config.schemas();
    }

    /** Longest wait for a lock. */
    public Duration lockTimeout() {
        return config.lockTimeout();
    }

    /**
     * Another database of the same server, with the same login; its connections count among those of the server. The caller
     * {@linkplain #closeConnections closes} it.
     *
     * @param database name that needs no escape in a URL
     */
    public Target inDatabase(String database) {
        return new Target(config.inDatabase(database), places);
    }

    /** Closes connections that are idle; for targets that are made for a while. */
    public void closeConnections() {
        connections.close();
    }

    /** Whether Caretaker may touch what is in that schema. System and temporary schemas are never in scope. */
    public boolean inScope(String schema) {
        boolean system = schema.startsWith("pg_") || schema.equals("information_schema");
        return !system && (config.schemas().isEmpty() || config.schemas().contains(schema));
    }

    /** Free bytes on the target's file system, as configured: Postgres cannot tell. */
    public OptionalLong freeDiskBytes() {
        return config.freeDiskBytes();
    }

    /** Settings that runs on this target start with. */
    public Tuning tuning() {
        return tuning;
    }

    /**
     * Opens a session for work on the primary, the caller's own until closed. Its settings: see {@link SessionSettings}. Where
     * short work left a connection idle that one is taken: a new one would have to read the catalogs again.
     *
     * @param applicationName shown in pg_stat_activity, cut to 63 bytes; by convention {@code caretaker/<run>}
     */
    public Session openSession(String applicationName) {
        return connections.openSession(applicationName);
    }

    /**
     * Opens a session that helps one of {@link #openSession}, if there is a connection to spare.
     *
     * @throws CaretakerException TARGET_UNREACHABLE also if there is none
     */
    public Session openHelper(String applicationName) {
        return connections.open(connections.work(applicationName), PlaceUse.SPARE);
    }

    /** Opens a session that mends what one of {@link #openSession} has left, and goes before those that wait to work. */
    public Session openRepair(String applicationName) {
        return connections.open(connections.work(applicationName), PlaceUse.SHORT);
    }

    /**
     * Has connections that a program of ours opens to the primary count among Caretaker's, until it is closed: one at least, and as
     * many more as there are to spare.
     *
     * @param most how many the program could use
     * @throws CaretakerException TARGET_UNREACHABLE if not even one is free in time
     */
    public ForProgram reserve(int most) {
        ServerPlaces.Reserved reserved = connections.primary().places().reserve(most);
        return new ForProgram(config, reserved.size(), reserved::close);
    }

    /**
     * What a program is told of a target, and how many connections it may open there.
     *
     * @param config with the login: for its own environment and files, and nobody else
     */
    public record ForProgram(TargetConfig config, int connections, Runnable giveBack) implements AutoCloseable {
        @Override
        public void close() {
            giveBack.run();
        }

        @Override
        public String toString() {
            return "ForProgram[" + config.name() + " " + connections + "]";
        }
    }

    /** Reads how to connect: for programs of ours that do so by themselves, and for nobody else, since it holds the login. */
    public <T> T config(Function<TargetConfig, T> reader) {
        return reader.apply(config);
    }

    /**
     * Makes a working session as it was when it was opened: fences and advisory locks are given back, settings made again.
     *
     * @param applicationName as for {@link #openSession}
     */
    public void renew(Session session, String applicationName) throws SQLException {
        Connector.renew(session.connection(), connections.work(applicationName));
    }

    /**
     * Has a session work as the owner of a relation from now on, if the target is configured so, until it is renewed.
     *
     * @throws CaretakerException MISSING_PRIVILEGE if the login is no member of the owner
     */
    public void actForOwner(Session session, long oid) throws SQLException {
        if (config.actsAsOwner()) {
            OwnerRole.takeOn(session.connection(), oid);
        }
    }

    /** The same, by the relation's name. */
    public void actForOwner(Session session, TableName table) throws SQLException {
        if (config.actsAsOwner()) {
            OwnerRole.takeOn(session.connection(), table);
        }
    }

    /** Has a session work as whoever logged in again. */
    public void actForLogin(Session session) throws SQLException {
        if (config.actsAsOwner()) {
            OwnerRole.takeOff(session.connection());
        }
    }

    /** Looks at something as whoever logged in: the owner of a table often may not see what others do. */
    public <T> T asLogin(Session session, Work<T> look) throws SQLException {
        return config.actsAsOwner() ? OwnerRole.without(session.connection(), look) : look.on(session.connection());
    }

    /** Whether work on a table is done as its owner. */
    public boolean actsAsOwner() {
        return config.actsAsOwner();
    }

    /**
     * Looks at something of a table as its owner, if the target is configured so, on a connection of who logged in.
     *
     * @throws CaretakerException MISSING_PRIVILEGE if the login is no member of the owner
     */
    public <T> T asOwner(Connection connection, TableName table, Work<T> look) throws SQLException {
        return config.actsAsOwner() ? OwnerRole.with(connection, table, look) : look.on(connection);
    }

    /**
     * Opens a light session on the primary for watching progress and throttle signals beside a working one: read-only
     * transactions, short statement timeout, and an answer that fails to come within seconds is an error.
     */
    public Session openObserver() {
        return connections.open(SessionSettings.observe("caretaker/observer"), PlaceUse.WATCH);
    }

    /** Does short work on the primary, on a pooled connection in autocommit; reads and plans, no session state. */
    public <T> T withPrimary(Work<T> work) {
        return connections.onPrimary(work);
    }

    /**
     * Does work that may take long on a session of its own, see {@link #openSession}. Where it ends well the connection is left
     * for whoever comes next, who finds the catalogs read.
     */
    public <T> T withSession(String applicationName, SessionWork<T> work) {
        return connections.inSession(applicationName, work);
    }

    /**
     * Ends a session of {@link #openSession}, which has done its work, and leaves its connection for a last look.
     *
     * @param clean whether it made nothing but settings, roles and advisory locks: then whoever comes next may have it, too
     * @return empty if the connection is of no use any more
     */
    public Optional<WarmConnection> leave(Session session, boolean clean) {
        return connections.leave(session, clean);
    }

    /** Does short reading on the replica if there is one, else on the primary. What it reads may be a little old. */
    public <T> T withReader(Work<T> work) {
        return connections.onReader(work);
    }

    /**
     * Does short reading with another login, on a connection of its own that is closed afterwards. A login in the URL goes
     * before any other, so the work must ask who it is if that matters.
     *
     * @param reader whether the replica will do, if there is one
     */
    public <T> T withLogin(Credentials login, boolean reader, Work<T> work) {
        return connections.withLogin(login, reader, work);
    }

    /**
     * Looks at the target without running anything on it. Works through any proxy, on a standby and on unsupported versions:
     * those are findings, not errors. Fails with TARGET_UNREACHABLE or MISSING_PRIVILEGE if nobody answers.
     *
     * @param tables tables whose rights to check
     */
    public TargetCheck check(Collection<TableName> tables) {
        try {
            return new TargetChecks(connections.primary(), connections.replica(), config.actsAsOwner()).check(tables);
        } catch (SQLException e) {
            throw PostgresErrors.translate(name(), e);
        }
    }

    private static Tuning tuning(TuningConfig config) {
        return new Tuning(
                config.pace()
                        .map(pace -> Pace.valueOf(pace.toUpperCase(Locale.ROOT)))
                        .orElse(Tuning.DEFAULT.pace()),
                config.batchTarget().orElse(Tuning.DEFAULT.batchTarget()),
                config.maxRowsPerSecond().orElse(Tuning.DEFAULT.maxRowsPerSecond()),
                config.pauseRatio().orElse(Tuning.DEFAULT.pauseRatio()),
                config.maxReplicationLagBytes().orElse(Tuning.DEFAULT.maxReplicationLagBytes()),
                config.maxWalBytesPerSecond().orElse(Tuning.DEFAULT.maxWalBytesPerSecond()),
                config.maxLockWaiters().orElse(Tuning.DEFAULT.maxLockWaiters()));
    }

    /** Work on a session; must leave neither a transaction nor anything else behind, but for settings. */
    @FunctionalInterface
    public interface SessionWork<T> {
        T on(Session session) throws SQLException;
    }

    /** Work on one connection; must neither close it nor leave a transaction or settings behind. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }
}
