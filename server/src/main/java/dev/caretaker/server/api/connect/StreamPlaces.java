package dev.caretaker.server.api.connect;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Places for answers that last as long as somebody reads them. They are half of the connections that the port takes, so that the others
 * are there for what is answered at once, health and metrics above all: who asks for health and gets no connection ends the process.
 */
@Singleton
public final class StreamPlaces {
    /** Connections that the HTTP server of the JDK takes at most. */
    public static final String CONNECTIONS = "jdk.httpserver.maxConnections";

    /** How many they are where the command line does not say another number. */
    public static final int USUAL_CONNECTIONS = 2_000;

    private static final int UNAVAILABLE = 503;
    private static final String RETRY_SECONDS = "10";

    private final Semaphore places;

    @Inject
    StreamPlaces() {
        this(half(Integer.getInteger(CONNECTIONS, USUAL_CONNECTIONS)));
    }

    StreamPlaces(int places) {
        this.places = new Semaphore(places);
    }

    /** The JDK takes as many as come where no limit is set, which it reads from a number that is not positive. */
    private static int half(int connections) {
        return connections > 0 ? Math.max(1, connections / 2) : Integer.MAX_VALUE;
    }

    /** Answers with a stream. */
    @FunctionalInterface
    public interface Answering {
        void run() throws IOException;
    }

    /** Answers so, if there is a place; else with 503 and an error as calls have it. */
    public void within(HttpExchange exchange, Answering answering) throws IOException {
        if (!places.tryAcquire()) {
            exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
            Refusal.send(exchange, UNAVAILABLE, Reason.TOO_MANY_STREAMS, "All places of streams are taken. Try again.");
            return;
        }
        try {
            answering.run();
        } finally {
            places.release();
        }
    }
}
