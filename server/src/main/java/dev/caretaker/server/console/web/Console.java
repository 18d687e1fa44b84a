package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.connect.InProcessApi;
import dev.caretaker.server.api.connect.StreamPlaces;
import dev.caretaker.server.api.security.BrowserSessions;
import dev.caretaker.server.api.security.BrowserSessions.Session;
import dev.caretaker.server.api.security.Vouched;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.HttpConfig;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.console.web.Frame.Access;
import dev.caretaker.server.console.web.Routes.Match;
import dev.caretaker.server.http.HttpSite;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console on the HTTP port: who asks, whether he may, which page answers, and what becomes of what goes wrong. */
@Singleton
public final class Console implements HttpSite {
    /** All of its paths begin so. */
    public static final String PATH = "/console";

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAUTHORIZED = 401;
    private static final int MOST_FORM_BYTES = 1 << 20;
    private static final ZoneId UTC = ZoneId.of("UTC");
    /** For thirty days after each answer. */
    private static final String KEPT = "max-age=2592000";

    private static final String FORGOTTEN = "max-age=0";

    private final HttpConfig config;
    private final InProcessApi channel;
    private final BrowserSessions sessions;
    private final Templates templates;
    private final Assets assets;
    private final StreamPlaces places;
    private final Cookies cookies;
    private final Routes routes = new Routes();

    Console(
            HttpConfig config,
            CaretakerConfig all,
            InProcessApi channel,
            BrowserSessions sessions,
            Templates templates,
            Assets assets,
            StreamPlaces places,
            FailedSignIns failed,
            List<Pages> pages) {
        this.config = config;
        this.channel = channel;
        this.sessions = sessions;
        this.templates = templates;
        this.assets = assets;
        this.places = places;
        this.cookies = new Cookies(sessions);
        SignIn signIn = new SignIn(
                sessions,
                cookies,
                failed,
                config.tls()
                        && all.listen()
                                .tls()
                                .flatMap(ListenConfig.Tls::clientCa)
                                .isPresent());
        signIn.add(routes);
        pages.forEach(one -> one.add(routes));
    }

    /** Paths of all pages, below {@link #PATH}, with names in braces in the place of what they are about. */
    public List<String> pages() {
        return routes.pages();
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public boolean isServed() {
        return config.console() != HttpConfig.Console.OFF;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answering answering = new Answering(exchange, templates, places);
            if (config.tls()) {
                exchange.getResponseHeaders().set("Strict-Transport-Security", config.hsts() ? KEPT : FORGOTTEN);
            }
            String path = exchange.getRequestURI().getRawPath().substring(PATH.length());
            if (!METHODS.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", String.join(", ", METHODS));
                answering.send(new Reply.Bare(METHOD_NOT_ALLOWED));
            } else if (path.isEmpty()) {
                answering.send(Reply.seeOther("/"));
            } else if (!path.startsWith("/")) {
                // The server of the JDK takes all that begins like the path.
                answering.send(new Reply.Bare(NOT_FOUND));
            } else if (path.startsWith("/assets/")) {
                String[] asset = path.substring("/assets/".length()).split("/", 2);
                answering.send(assets.find(asset[asset.length - 1]), asset[0].equals(assets.version()));
            } else {
                answer(exchange, answering, path);
            }
        }
    }

    private void answer(HttpExchange exchange, Answering answering, String path) throws IOException {
        Optional<Session> session = Optional.empty();
        Optional<Request> request = Optional.empty();
        try {
            session = session(exchange, answering);
            boolean post = exchange.getRequestMethod().equals("POST");
            List<String> segments =
                    Routes.segments(path).stream().map(Console::decoded).toList();
            Optional<Match> match = routes.find(post, segments);
            request = Optional.of(request(exchange, path, session, match.map(Match::variables), post));
            boolean unasked = false;
            if (post) {
                Forms.checkOrigin(exchange);
            } else {
                unasked = Forms.isUnasked(exchange, request.get());
            }
            if (match.isEmpty()) {
                if (routes.knows(segments)) {
                    exchange.getResponseHeaders().set("Allow", post ? "GET, HEAD" : "POST");
                }
                answering.send(missing(request.get(), segments));
            } else if (session.isEmpty() && !SignIn.isOpen(path)) {
                answering.send(signedOut(exchange, request.get()));
            } else if (unasked && !SignIn.isOpen(path)) {
                answering.send(Elsewhere.of(exchange, request.get()));
            } else {
                boolean earlier = false;
                if (post) {
                    Forms.checkAccess(request.get());
                    earlier = !Forms.isOf(sessions, session, request.get());
                }
                answering.send(
                        earlier
                                ? ofEarlierSession(exchange, request.get())
                                : match.get().page().answer(request.get()));
            }
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAUTHENTICATED) {
                answering.send(signedOut(exchange, shown(request, session)));
            } else {
                answering.send(shown(request, session).problem(Problem.http(e), Problem.of(e)));
            }
        } catch (BadRequest e) {
            answering.send(shown(request, session).problem(400, Problem.of("That cannot be done so", e.getMessage())));
        } catch (Forbidden e) {
            answering.send(shown(request, session).problem(403, Problem.of("Not done", e.getMessage())));
        } catch (RuntimeException e) {
            LOG.warn("{} of the console could not be written", path, e);
            answering.send(shown(request, session)
                    .problem(
                            500,
                            Problem.of("Something went wrong", "The page could not be written. The log says why.")));
        }
    }

    /** Whose request it is. Who need not prove anything, or does by a certificate, gets a session at his first. */
    private Optional<Session> session(HttpExchange exchange, Answering answering) {
        Optional<String> certificate = Vouched.name(exchange);
        Optional<Session> known = cookies.session(exchange).flatMap(cookie -> sessions.open(cookie, certificate));
        if (known.isEmpty() && (certificate.isPresent() || !sessions.isProofRequired())) {
            Session begun = certificate.map(sessions::certify).orElseGet(() -> sessions.claim(""));
            answering.cookie(cookies.of(begun));
            return Optional.of(begun);
        }
        // What a page asks for by itself is no sign of anybody.
        known.filter(one -> !SignIn.isFragment(exchange))
                .flatMap(sessions::renew)
                .map(cookies::of)
                .ifPresent(answering::cookie);
        return known;
    }

    /** Nothing is lost that somebody has written: a script leaves its page as it is, and a form is kept. */
    private static Reply signedOut(HttpExchange exchange, Request request) {
        if (SignIn.isStream(exchange)) {
            return SignIn.over();
        }
        if (SignIn.isFragment(exchange)) {
            return new Reply.Bare(UNAUTHORIZED);
        }
        boolean form = exchange.getRequestMethod().equals("POST") && Forms.isFromHere(exchange);
        return form ? SendAgain.of(request, false) : SignIn.redirect(exchange);
    }

    /** A form of an earlier session, or one that somebody else made up: then only who reads it may send it. */
    private static Reply ofEarlierSession(HttpExchange exchange, Request request) {
        if (!Forms.isFromHere(exchange)) {
            throw new Forbidden(
                    "The page that you sent this from is of an earlier session. Load it again, and send it once more.");
        }
        return SignIn.isFragment(exchange) ? new Reply.Bare(UNAUTHORIZED) : SendAgain.of(request, true);
    }

    private Reply missing(Request request, List<String> segments) {
        return routes.knows(segments)
                ? request.problem(
                        METHOD_NOT_ALLOWED, Problem.of("That cannot be done so", "This address takes another method."))
                : request.problem(NOT_FOUND, Problem.of("It is not there", "The console has no such page."));
    }

    private Request shown(Optional<Request> request, Optional<Session> session) {
        return request.orElseGet(() -> new Request(
                "",
                Map.of(),
                Fields.of(""),
                Fields.of(""),
                session,
                access(session),
                api(session),
                templates,
                "",
                "",
                UTC));
    }

    private Request request(
            HttpExchange exchange,
            String path,
            Optional<Session> session,
            Optional<Map<String, String>> variables,
            boolean post)
            throws IOException {
        Fields form = Fields.of(post ? body(exchange) : "");
        return new Request(
                path,
                variables.orElse(Map.of()),
                Fields.of(exchange.getRequestURI().getRawQuery()),
                form,
                session,
                access(session),
                api(session),
                templates,
                session.map(sessions::formToken).orElse(""),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                Cookies.zone(exchange).orElse(UTC));
    }

    private Access access(Optional<Session> session) {
        if (session.isEmpty()) {
            return Access.NONE;
        }
        return config.console() == HttpConfig.Console.ON ? Access.WRITE : Access.READ;
    }

    private Api api(Optional<Session> session) {
        return session.filter(Session::certified)
                .map(known -> new Api(Vouched.by(known.name(), channel.channel()), ""))
                .orElseGet(() ->
                        new Api(channel.channel(), session.map(Session::token).orElse("")));
    }

    private static String body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MOST_FORM_BYTES + 1);
        if (bytes.length > MOST_FORM_BYTES) {
            throw new BadRequest("A form may have at most " + MOST_FORM_BYTES + " bytes.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String decoded(String segment) {
        try {
            // Of a path a plus is a plus.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The address is not percent-encoded well.");
        }
    }
}
