package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.security.BrowserSessions;
import dev.caretaker.server.api.security.BrowserSessions.Session;
import dev.caretaker.server.console.web.Frame.Access;
import java.util.Optional;

/** Lets only forms through that a page of the console sent, within the session that it was written for, and only visits of people. */
final class Forms {
    /** What a form names its token. */
    static final String TOKEN = "form-token";

    private static final String SITE = "Sec-Fetch-Site";
    private static final String TYPE = "application/x-www-form-urlencoded";

    private Forms() {}

    /**
     * Checks where a form comes from.
     *
     * @throws Forbidden if it is from elsewhere
     */
    static void checkOrigin(HttpExchange exchange) {
        if (!header(exchange, "Content-Type").startsWith(TYPE)) {
            throw new BadRequest("Forms are sent as " + TYPE + ".");
        }
        // The token alone would do.
        if (isFromElsewhere(exchange)) {
            throw new Forbidden("This form was sent by a page that is not the console's.");
        }
    }

    /**
     * Checks whether a form may be sent at all.
     *
     * @throws Forbidden if nothing may be changed here
     */
    static void checkAccess(Request request) {
        boolean ofSession = SignIn.isOpen(request.path()) || SignIn.isOut(request.path());
        if (!ofSession && request.access() != Access.WRITE) {
            throw new Forbidden("This console is read-only (caretaker.http.console).");
        }
    }

    /** Whether the form was written for this session. One that was not must not be done, whoever sent it. */
    static boolean isOf(BrowserSessions sessions, Optional<Session> session, Request request) {
        return SignIn.isOpen(request.path()) || sessions.isFormToken(session.orElseThrow(), request.field(TOKEN));
    }

    /** Whether the browser says that a page of the console sent it; older ones say nothing. */
    static boolean isFromHere(HttpExchange exchange) {
        return header(exchange, SITE).equals("same-origin");
    }

    /**
     * Checks a visit: to load a page may make the server look at databases, so that pages of others must not do that unseen.
     *
     * @return whether a page elsewhere led here by itself, or to what looks again whenever it is loaded: then it is only offered. A link
     *     of it that somebody has pressed leads here, to pages that look if what is known is old.
     * @throws Forbidden if it is from elsewhere, and no page that somebody would see
     */
    static boolean isUnasked(HttpExchange exchange, Request request) {
        if (!isFromElsewhere(exchange)) {
            return false;
        }
        boolean seen = header(exchange, "Sec-Fetch-Mode").equals("navigate")
                && header(exchange, "Sec-Fetch-Dest").equals("document");
        if (!seen) {
            throw new Forbidden("This was asked for by a page that is not the console's.");
        }
        return request.wantsLook() || !header(exchange, "Sec-Fetch-User").equals("?1");
    }

    /** Browsers tell where a request comes from; older ones send nothing of that. */
    private static boolean isFromElsewhere(HttpExchange exchange) {
        String site = header(exchange, SITE);
        return !site.isEmpty() && !site.equals("same-origin") && !site.equals("none");
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }
}
