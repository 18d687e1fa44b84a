package dev.caretaker.server.store.source;

import dev.caretaker.server.config.ControlStoreConfig;
import dev.caretaker.server.config.Secret;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a control store that is there but takes no connections yet, as after a crash or a start side by side with this
 * server. Anything else that is wrong with it is for the pool to tell.
 */
final class Arrival {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);
    /** cannot_connect_now: starting up, recovering, shutting down. too_many_connections. */
    private static final Set<String> NOT_YET = Set.of("57P03", "53300");

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private Arrival() {}

    static void await(ControlStoreConfig store, String location) {
        Properties login = new Properties();
        store.credentials().user().ifPresent(user -> PGProperty.USER.set(login, user));
        store.credentials().password().map(Secret::reveal).ifPresent(word -> PGProperty.PASSWORD.set(login, word));
        PGProperty.CONNECT_TIMEOUT.set(login, "5");
        long giveUp = System.nanoTime() + LIMIT.toNanos();
        boolean told = false;
        while (System.nanoTime() < giveUp) {
            String why = refusal(store.url(), login);
            if (why.isEmpty()) {
                return;
            }
            if (!told) {
                LOG.warn("Waits for the control store {}: {}", location, why);
                told = true;
            }
            if (!rest()) {
                return;
            }
        }
    }

    /** Why it takes no connections yet; empty if it does, or if waiting does not help. */
    private static String refusal(String url, Properties login) {
        try (var _ = DriverManager.getConnection(url, login)) {
            return "";
        } catch (SQLException e) {
            return NOT_YET.contains(e.getSQLState()) ? e.getMessage() : "";
        }
    }

    /** False if the wait was interrupted. */
    private static boolean rest() {
        try {
            Thread.sleep(INTERVAL);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
