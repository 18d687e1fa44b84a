package dev.caretaker.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.caretaker.server.api.connect.ConnectApi;
import dev.caretaker.server.api.connect.Refusal;
import dev.caretaker.server.api.connect.StreamPlaces;
import dev.caretaker.server.api.security.MetricsReaders;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.HttpConfig;
import dev.caretaker.server.config.HttpConfig.Address;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.error.Reason;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second port, if one is configured: pages of text, which are written from what is in memory, the API over HTTP, and the sites
 * of other rooms. It is the
 * HTTP server of the JDK, which wants no more than a thread a request: Micronaut's own would take the place of the gRPC server, of
 * which an application has one, and bring a second network stack along.
 */
@Singleton
public final class HttpPort {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final int BACKLOG = 50;
    private static final int OK = 200;
    private static final int SEE_OTHER = 303;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAULT = 500;
    private static final int NO_BODY = -1;
    /** A path that calls some service: /package.Service/Method. */
    private static final Pattern METHOD = Pattern.compile("/(?:\\w+\\.)+\\w+/\\w*");

    private static final String METRICS = "/metrics";
    private static final String UNKNOWN_READER =
            "Metrics are told to who sends an authorization header with a bearer token of caretaker.http.metrics-tokens-file.\n";

    private static final String PAGES = "There are /metrics, /health/live and /health/ready.\n";
    private static final String PAGES_AND_API = "There are /metrics, /health/live and /health/ready, and the API:"
            + " POST /caretaker.v1.TargetService/ListTargets and so on.\n";

    static {
        // Seconds that a request may take to arrive. Answers may last as long as a run.
        limit("sun.net.httpserver.maxReqTime", 10);
        // Who opens connections for fun leaves the process its files.
        limit(StreamPlaces.CONNECTIONS, StreamPlaces.USUAL_CONNECTIONS);
        // Else the end of each answer waits for an acknowledgement of its beginning, for up to 40 ms.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private static final String WITHOUT_TOKENS =
            "Without caretaker.listen.tokens-file API and console are served to localhost and to addresses only.";
    /** Beyond loopback it is scraped by names. */
    private static final String OF_LOOPBACK =
            "Metrics and health of a loopback address are served to localhost and to addresses only.";

    private final HttpConfig config;
    private final Map<String, Page> pages;
    private final MetricsReaders readers;
    private final ConnectApi api;
    private final List<HttpSite> sites;
    private final boolean authenticates;
    private final Optional<ListenConfig.Tls> tls;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http-", 0).factory());
    private Optional<HttpServer> server = Optional.empty();

    HttpPort(
            HttpConfig config,
            CaretakerConfig all,
            MetricsPage metrics,
            MetricsReaders readers,
            HealthPages health,
            ConnectApi api,
            List<HttpSite> sites) {
        this.config = config;
        this.sites = sites.stream().filter(HttpSite::isServed).toList();
        this.authenticates = all.listen().authenticates();
        this.tls = config.tls() ? all.listen().tls() : Optional.empty();
        this.api = api;
        this.readers = readers;
        this.pages = Map.of(METRICS, metrics::page, "/health/live", health::live, "/health/ready", health::ready);
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
            HttpServer open =
                    tls.isPresent() ? HttpTls.listen(socket, BACKLOG, tls.get()) : HttpServer.create(socket, BACKLOG);
            open.setExecutor(threads);
            boolean loopback = socket.getAddress().isLoopbackAddress();
            open.createContext("/", loopback ? new NamedHost(this::answer, false, OF_LOOPBACK) : this::answer);
            if (config.api()) {
                api.paths().forEach(path -> open.createContext(path, guarded(api)));
            }
            sites.forEach(site -> open.createContext(site.path(), guarded(site)));
            open.start();
            server = Optional.of(open);
            LOG.info(
                    "Metrics, health{} on {}:{}{}{}",
                    config.api() ? " and the API over HTTP" : "",
                    address.host(),
                    open.getAddress().getPort(),
                    sites.stream().map(site -> ", " + site.path().substring(1)).collect(Collectors.joining()),
                    tls.isPresent() ? ", by TLS" : "");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot listen on " + address.host() + ":" + address.port() + " (caretaker.http): "
                            + e.getMessage(),
                    e);
        }
    }

    private HttpHandler guarded(HttpHandler handler) {
        return authenticates ? handler : new NamedHost(handler, handler == api, WITHOUT_TOKENS);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (isBrowserAtRoot(exchange) && !sites.isEmpty()) {
                exchange.getResponseHeaders().set("Location", sites.getFirst().path() + "/");
                exchange.sendResponseHeaders(SEE_OTHER, NO_BODY);
                return;
            }
            if (METHOD.matcher(exchange.getRequestURI().getPath()).matches()) {
                Refusal.send(
                        exchange,
                        NOT_FOUND,
                        Reason.NO_SUCH_METHOD,
                        config.api()
                                ? "There is no such service."
                                : "The API is not served on this port (caretaker.http.api).");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            boolean known = !path.equals(METRICS)
                    || readers.mayRead(exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer = known ? answerTo(exchange.getRequestMethod(), path) : text(UNAUTHORIZED, UNKNOWN_READER);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (answer.status() == UNAUTHORIZED) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"caretaker\"");
            }
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

    private static boolean isBrowserAtRoot(HttpExchange exchange) {
        String accepted = exchange.getRequestHeaders().getFirst("Accept");
        return exchange.getRequestURI().getPath().equals("/")
                && exchange.getRequestMethod().equals("GET")
                && accepted != null
                && accepted.contains("text/html");
    }

    private Answer answerTo(String method, String path) {
        Page page = pages.get(path);
        if (page == null) {
            return text(NOT_FOUND, config.api() ? PAGES_AND_API : PAGES);
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

    private static void limit(String property, int most) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(most));
        }
    }
}
