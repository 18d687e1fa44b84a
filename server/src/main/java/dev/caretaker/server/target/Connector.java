package dev.caretaker.server.target;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.PostgresUrl;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * Opens connections to one server of a target. Before any setting is made it asks who answers: behind a
 * transaction-pooling proxy a setting would land in other people's sessions.
 */
final class Connector {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final TargetConfig config;
    private final String url;
    private final boolean mustBePrimary;
    private final Credentials credentials;
    private final ServerPlaces places;
    private volatile Optional<Boolean> reached = Optional.empty();

    private Connector(
            TargetConfig config, String url, boolean mustBePrimary, Credentials credentials, ServerPlaces places) {
        this.config = config;
        this.url = url;
        this.mustBePrimary = mustBePrimary;
        this.credentials = credentials;
        this.places = places;
    }

    static Connector toPrimary(TargetConfig config, ServerPlaces places) {
        return new Connector(config, config.url(), true, config.credentials(), places);
    }

    static Connector toReplica(TargetConfig config, String url, ServerPlaces places) {
        return new Connector(config, url, false, config.credentials(), places);
    }

    /** To the same server with another login. */
    Connector as(Credentials login) {
        return new Connector(config, url, mustBePrimary, login, places);
    }

    /** The places of the server that it leads to. */
    ServerPlaces places() {
        return places;
    }

    /**
     * A connection with its settings made.
     *
     * @throws CaretakerException UNSUPPORTED_SERVER, IS_STANDBY, TRANSACTION_POOLING, or MISSING_PRIVILEGE where
     *     transactions are read-only by default
     */
    Connection open(SessionSettings settings, PlaceUse use) throws SQLException {
        Connection connection = places.open(use, () -> connect(settings.applicationName()));
        try {
            Greeting greeting = Greeting.read(connection);
            places.learn(greeting.usableConnections());
            require(greeting);
            requireOwnSession(pooling(connection, greeting));
            settings.apply(connection);
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(settings.answerTimeout().toMillis()));
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * A connection that was used for something else, as if it were new; a new one if that one is of no use any more.
     *
     * @throws CaretakerException as {@link #open}
     */
    Connection reopen(Connection used, SessionSettings settings) throws SQLException {
        try {
            require(Greeting.read(used));
            renew(used, settings);
            return used;
        } catch (SQLException | CaretakerException e) {
            used.close();
            return open(settings, PlaceUse.WORK);
        }
    }

    /** What a session may have left goes, settings are made again, in one round trip. */
    static void renew(Connection connection, SessionSettings settings) throws SQLException {
        settings.renew(connection);
    }

    /** A connection as the driver makes it, with nothing set; answers that take longer than ten seconds are errors. */
    Connection openRaw(String applicationName) throws SQLException {
        return places.open(PlaceUse.SHORT, () -> connect(applicationName));
    }

    private Connection connect(String applicationName) throws SQLException {
        try {
            Connection connection = DriverManager.getConnection(url, properties(applicationName));
            reached = Optional.of(true);
            return connection;
        } catch (SQLException e) {
            reached = Optional.of(false);
            throw e;
        }
    }

    /** Whether the latest attempt to connect succeeded; empty before the first. */
    Optional<Boolean> reached() {
        return reached;
    }

    /** Whether and how a proxy stands between. */
    Pooling pooling(Connection connection, Greeting greeting) throws SQLException {
        return greeting.isProxied() ? Pooling.detect(connection, this::connect) : Pooling.NONE;
    }

    private void requireOwnSession(Pooling pooling) {
        String mend = "; name the server itself, or a port of the proxy that pools sessions";
        switch (pooling) {
            case NONE, SESSION -> {}
            case TRANSACTION ->
                throw refused(Reason.TRANSACTION_POOLING, "is reached through a proxy that pools transactions" + mend);
            case UNKNOWN ->
                throw refused(
                        Reason.TRANSACTION_POOLING,
                        "is reached through a proxy that may pool transactions: it gave a second connection no answer"
                                + mend);
        }
    }

    private void require(Greeting greeting) {
        if (!new Capabilities(greeting.versionNumber()).isSupported()) {
            throw refused(
                    Reason.UNSUPPORTED_SERVER,
                    "runs PostgreSQL " + greeting.versionNumber() / 10_000 + "; the oldest supported is "
                            + Capabilities.OLDEST_MAJOR);
        }
        if (!mustBePrimary) {
            return;
        }
        if (greeting.inRecovery()) {
            throw refused(Reason.IS_STANDBY, "is a standby where a primary is needed");
        }
        if (greeting.readOnly()) {
            throw refused(
                    Reason.MISSING_PRIVILEGE,
                    "makes transactions of role " + greeting.role()
                            + " read-only by default (default_transaction_read_only)");
        }
    }

    private CaretakerException refused(Reason reason, String what) {
        return CaretakerException.of(
                reason, "Target " + config.name() + " " + what + ".", Map.of("target", config.name()));
    }

    private Optional<String> password() {
        try {
            return credentials.password().map(Secret::reveal);
        } catch (ConfigException e) {
            // Its file was there when the server started, and may come back.
            throw refused(Reason.TARGET_UNREACHABLE, "cannot be reached: " + e.getMessage());
        }
    }

    private Properties properties(String applicationName) {
        Properties properties = new Properties();
        String seconds = Long.toString(CONNECT_TIMEOUT.toSeconds());
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SOCKET_FACTORY.set(properties, KeepAliveSocketFactory.class.getName());
        if (mustBePrimary && PostgresUrl.of(config.key() + ".url", url).hasSeveralHosts()) {
            PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
        }
        config.driverProperties().forEach(properties::setProperty);
        credentials.user().ifPresent(user -> PGProperty.USER.set(properties, user));
        password().ifPresent(password -> PGProperty.PASSWORD.set(properties, password));
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        return properties;
    }
}
