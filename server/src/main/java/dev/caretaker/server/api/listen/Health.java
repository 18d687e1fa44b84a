package dev.caretaker.server.api.listen;

import dev.caretaker.server.store.ControlStore;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerShutdownEvent;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health of each service, and of the server as a whole under the empty name: SERVING as long as the control store answers,
 * since nothing works without it.
 */
@Singleton
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final int TIMEOUT_SECONDS = 3;

    private final HealthStatusManager statuses;
    private final ControlStore store;
    private final List<String> services;
    private ServingStatus last = ServingStatus.UNKNOWN;
    private boolean stopped;

    Health(HealthStatusManager statuses, ControlStore store, List<BindableService> services) {
        this.statuses = statuses;
        this.store = store;
        this.services = services.stream()
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .toList();
    }

    @EventListener
    void started(ServerStartupEvent event) {
        look();
    }

    @EventListener
    synchronized void stopping(ServerShutdownEvent event) {
        stopped = true;
        statuses.enterTerminalState();
    }

    @Scheduled(fixedDelay = "2s", initialDelay = "2s")
    void look() {
        tell(storeAnswers() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Whether calls were served and the control store answered when that was last looked at, at most seconds ago. */
    public synchronized boolean isServing() {
        return !stopped && last == ServingStatus.SERVING;
    }

    private boolean storeAnswers() {
        try (Connection connection = store.pool().getConnection()) {
            return connection.isValid(TIMEOUT_SECONDS);
        } catch (SQLException e) {
            LOG.debug("The control store does not answer", e);
            return false;
        }
    }

    private synchronized void tell(ServingStatus status) {
        if (stopped) {
            return;
        }
        if (status != last) {
            LOG.info("Health: {}", status);
            last = status;
        }
        statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        services.forEach(service -> statuses.setStatus(service, status));
    }
}
