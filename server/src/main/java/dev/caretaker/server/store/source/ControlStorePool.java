package dev.caretaker.server.store.source;

import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ControlStoreConfig;
import dev.caretaker.server.config.PostgresUrl;
import dev.caretaker.server.config.Secret;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanDestroyedEvent;
import io.micronaut.context.event.BeanDestroyedEventListener;
import io.micronaut.context.event.BeanInitializedEventListener;
import io.micronaut.context.event.BeanInitializingEvent;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Points the pool of the control store ({@code datasources.default}) to where the store is: the configured URL, or an
 * embedded Postgres, which starts before the pool and stops after it. A store that hangs is noticed
 * within seconds.
 */
@Singleton
public final class ControlStorePool
        implements BeanInitializedEventListener<DatasourceConfiguration>, BeanDestroyedEventListener<DataSource> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStorePool.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final BeanProvider<CaretakerConfig> config;
    private volatile String location = "as in datasources.default";
    private @Nullable EmbeddedStore embedded;

    ControlStorePool(BeanProvider<CaretakerConfig> config) {
        this.config = config;
    }

    /** Where the store is, without credentials, for people to read. */
    public String location() {
        return location;
    }

    @Override
    public DatasourceConfiguration onInitialized(BeanInitializingEvent<DatasourceConfiguration> event) {
        DatasourceConfiguration pool = event.getBean();
        if (pool.getConfiguredUrl() == null) {
            config.get().controlStore().ifPresentOrElse(store -> pointTo(pool, store), () -> pointToEmbedded(pool));
            tune(pool, config.get().storeConnections());
        }
        pool.setDataSourceProperties(driver());
        return pool;
    }

    @Override
    public void onDestroyed(BeanDestroyedEvent<DataSource> event) {
        stop();
    }

    /** Stops the embedded Postgres if there is one. Needed by who could not start: then no pool was made that could end. */
    public void stop() {
        EmbeddedStore running = embedded;
        if (running == null) {
            return;
        }
        embedded = null;
        try {
            running.close();
        } catch (IOException e) {
            LOG.warn("The embedded control store was not stopped: {}", e.getMessage());
        }
    }

    private void pointTo(DatasourceConfiguration pool, ControlStoreConfig store) {
        pool.setUrl(store.url());
        store.credentials().user().ifPresent(pool::setUsername);
        store.credentials().password().map(Secret::reveal).ifPresent(pool::setPassword);
        location = PostgresUrl.of("caretaker.control-store.url", store.url()).toString();
        Arrival.await(store, location);
    }

    private void pointToEmbedded(DatasourceConfiguration pool) {
        try {
            EmbeddedStore store = EmbeddedStore.start(config.get().dataDir());
            embedded = store;
            pool.setUrl(store.url());
            pool.setUsername(EmbeddedStore.USER);
            pool.setPassword(store.password());
            location = store.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded control store cannot be started: " + e.getMessage(), e);
        }
    }

    private static void tune(DatasourceConfiguration pool, int connections) {
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(CONNECT.toMillis());
        pool.setValidationTimeout(CONNECT.toMillis() / 2);
    }

    private static Properties driver() {
        Properties driver = new Properties();
        // On a target's server its sessions are told from an application's by that.
        PGProperty.APPLICATION_NAME.set(driver, "caretaker-store");
        PGProperty.CONNECT_TIMEOUT.set(driver, Long.toString(CONNECT.toSeconds()));
        PGProperty.SOCKET_TIMEOUT.set(driver, Long.toString(ANSWER.toSeconds()));
        // Text goes without a type, so that Postgres reads it as what the statement wants: text, jsonb, text[].
        PGProperty.STRING_TYPE.set(driver, "unspecified");
        PGProperty.TCP_KEEP_ALIVE.set(driver, true);
        return driver;
    }
}
