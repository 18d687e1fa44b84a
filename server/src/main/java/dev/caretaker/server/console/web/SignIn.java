package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.security.BrowserSessions;
import dev.caretaker.server.api.security.BrowserSessions.Session;
import java.util.Optional;
import java.util.regex.Pattern;

/** Signing in and out: by a token where callers must prove who they are, else by saying a name. */
public final class SignIn implements Pages {
    private static final String PATH = "/sign-in";
    private static final String OUT = "/sign-out";
    private static final int MOST_NAME = 100;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;
    /** Says that a session was just begun: who comes back without it has a browser that did not keep it. */
    private static final String BEGUN = "begun";
    /** A policy or a schedule may be called events, too. */
    private static final Pattern STREAM = Pattern.compile(Pattern.quote(Console.PATH) + "/runs/[^/]+/events");

    private final BrowserSessions sessions;
    private final Cookies cookies;
    private final FailedSignIns failed;
    private final boolean certificates;

    /** @param certificates whether browsers are asked for one */
    SignIn(BrowserSessions sessions, Cookies cookies, FailedSignIns failed, boolean certificates) {
        this.sessions = sessions;
        this.failed = failed;
        this.cookies = cookies;
        this.certificates = certificates;
    }

    /**
     * What the page shows.
     *
     * @param required whether one must prove who one is, else a name will do
     * @param tokens whether a token would do
     * @param certificates whether a certificate would
     * @param to where to go afterwards, below the path of the console
     * @param refusal why it did not work, sentences; may be empty
     */
    public record View(boolean required, boolean tokens, boolean certificates, String to, String refusal) {}

    /** Whether a path is for those who are not signed in, too. */
    static boolean isOpen(String path) {
        return path.equals(PATH);
    }

    /** Whether it only ends a session, which one may do where nothing else may be changed. */
    static boolean isOut(String path) {
        return path.equals(OUT);
    }

    @Override
    public void add(Routes routes) {
        routes.get(PATH, this::form);
        routes.post(PATH, this::enter);
        routes.post(OUT, this::leave);
    }

    /** From a page to the form, and from there back. */
    static Reply redirect(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        String path = exchange.getRequestURI().getRawPath().substring(Console.PATH.length());
        boolean page = !exchange.getRequestMethod().equals("POST");
        String to = page && !path.equals("/") ? path + (query == null ? "" : "?" + query) : "";
        return new Reply.SeeOther(Links.to(PATH, "to", to), Optional.empty());
    }

    /** To one who watches a page: its script tells him so, where a form in the place of events would tell it nothing. */
    static Reply.Events over() {
        return new Reply.Events(out -> out.send("expired", "-"));
    }

    static boolean isStream(HttpExchange exchange) {
        return STREAM.matcher(exchange.getRequestURI().getPath()).matches();
    }

    /** Parts that scripts ask for are no pages to come back to. */
    static boolean isFragment(HttpExchange exchange) {
        return exchange.getRequestHeaders().containsKey("HX-Request") || isStream(exchange);
    }

    private Reply form(Request request) {
        boolean begun = !request.query(BEGUN).isEmpty();
        if ((begun || request.isCertified()) && request.access() != Frame.Access.NONE) {
            return Reply.seeOther(within(request.query("to")));
        }
        return request.apart(
                "Sign in",
                "sign-in.jte",
                view(
                        request.query("to"),
                        begun
                                ? "Your browser did not keep the session. It keeps it over https only, or on this machine"
                                        + " itself: set caretaker.http.tls, or put a proxy with TLS in front."
                                : ""));
    }

    private View view(String to, String refusal) {
        return new View(sessions.isProofRequired(), sessions.takesTokens(), certificates, to, refusal);
    }

    private Reply enter(Request request) {
        Optional<Session> session = sessions.isProofRequired()
                ? sessions.prove(request.field("token"))
                : Optional.of(sessions.claim(cut(request.field("name"))));
        if (session.isEmpty()) {
            boolean delayed = failed.add(request.peer());
            return new Reply.Page(
                    delayed ? UNAUTHORIZED : TOO_MANY,
                    "sign-in.jte",
                    ((Reply.Page) request.apart("Sign in", "sign-in.jte", "")).frame(),
                    view(
                            request.field("to"),
                            "No caller of this server has that token."
                                    + (delayed ? "" : " Many such tokens are tried just now.")));
        }
        return new Reply.SeeOther(
                Links.to(PATH, "to", request.field("to"), BEGUN, "1"), Optional.of(cookies.of(session.get())));
    }

    private Reply leave(Request request) {
        return new Reply.SeeOther(Console.PATH + PATH, Optional.of(cookies.none()));
    }

    private static String cut(String name) {
        return name.codePointCount(0, name.length()) <= MOST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, MOST_NAME));
    }

    /** A path of the console, whatever the form says: nobody is sent elsewhere. */
    private static String within(String to) {
        boolean path =
                to.startsWith("/") && !to.startsWith("//") && to.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\');
        return path ? to : "/";
    }
}
