package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers that share a control store, as far as they give signs of life: they share what there is of one only. */
@Singleton
public class ServerRoll {
    private static final Logger LOG = LoggerFactory.getLogger(ServerRoll.class);

    private final ControlStore store;
    private final StoreClock clock;
    private final UUID self = UUID.randomUUID();
    private volatile int servers = 1;

    ServerRoll(ControlStore store, StoreClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** This server, as the others see it. */
    UUID self() {
        return self;
    }

    /** Servers that gave a sign of life within the last 20 seconds, this one included. */
    public int servers() {
        return servers;
    }

    @Scheduled(fixedDelay = "5s")
    void sign() {
        try {
            clock.agree(store::now);
            servers = store.transaction(() -> {
                store.update("server_sign", self);
                return store.first("servers_alive", row -> row.getInt("servers"))
                        .orElse(1);
            });
        } catch (CaretakerException e) {
            LOG.debug("the roll of servers is as it was: {}", e.getMessage());
        }
    }

    @PreDestroy
    void leave() {
        try {
            store.update("server_leave", self);
        } catch (RuntimeException e) {
            LOG.debug("others find out later that this server is gone: {}", e.getMessage());
        }
    }
}
