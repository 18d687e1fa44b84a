package dev.caretaker.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caretaker.server.config.HttpConfig;
import dev.caretaker.server.config.HttpConfig.Address;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second port, if one is configured. It is the HTTP server of the JDK: three pages of text want no more, and Micronaut's own
 * would take the place of the gRPC server, of which an application has one, and bring a second network stack along. Nothing that is
 * asked for here does any work: pages are written from what is in memory.
 */
@Singleton
public final class HttpPort {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final int BACKLOG = 50;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAULT = 500;
    private static final int NO_BODY = -1;

    static {
        // Seconds that a request may take to arrive, and an answer to be taken: who is slower keeps nobody waiting for
        // ever.
        limit("sun.net.httpserver.maxReqTime", 10);
        limit("sun.net.httpserver.maxRspTime", 30);
    }

    private final HttpConfig config;
    private final Map<String, Page> pages;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http-", 0).factory());
    private Optional<HttpServer> server = Optional.empty();

    HttpPort(HttpConfig config, MetricsPage metrics, HealthPages health) {
        this.config = config;
        this.pages = Map.of("/metrics", metrics::page, "/health/live", health::live, "/health/ready", health::ready);
    }

    /** What is answered to one who asks. */
    record Answer(int status, String type, String body) {}

    /** Writes a page. */
    @FunctionalInterface
    interface Page {
        Answer answer();
    }

    @EventListener
    void start(StartupEvent started) {
        config.address().ifPresent(this::listen);
    }

    @PreDestroy
    void stop() {
        server.ifPresent(open -> open.stop(0));
        threads.close();
    }

    /** Where it listens; empty if it does not. */
    public OptionalInt port() {
        return server.map(open -> OptionalInt.of(open.getAddress().getPort())).orElse(OptionalInt.empty());
    }

    /** Address that it listens on, as numbers; empty if it does not. */
    public String address() {
        return server.map(open -> open.getAddress().getAddress().getHostAddress())
                .orElse("");
    }

    private void listen(Address address) {
        try {
            InetSocketAddress socket = new InetSocketAddress(address.host(), address.port());
            HttpServer open = HttpServer.create(socket, BACKLOG);
            open.setExecutor(threads);
            open.createContext("/", this::answer);
            open.start();
            server = Optional.of(open);
            LOG.info(
                    "Metrics and health on {}:{}",
                    address.host(),
                    open.getAddress().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot listen on " + address.host() + ":" + address.port() + " (caretaker.http): "
                            + e.getMessage(),
                    e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answerTo(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (answer.status() == NOT_ALLOWED) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            }
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), head ? NO_BODY : body.length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    private Answer answerTo(String method, String path) {
        Page page = pages.get(path);
        if (page == null) {
            return text(NOT_FOUND, "There are /metrics, /health/live and /health/ready.\n");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return text(NOT_ALLOWED, "Only GET and HEAD.\n");
        }
        try {
            return page.answer();
        } catch (RuntimeException e) {
            LOG.warn("{} could not be written", path, e);
            return text(FAULT, "It could not be written; the log says why.\n");
        }
    }

    static Answer json(boolean good, String body) {
        return new Answer(good ? OK : 503, "application/json", body);
    }

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body);
    }

    private static void limit(String property, int seconds) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(seconds));
        }
    }
}
