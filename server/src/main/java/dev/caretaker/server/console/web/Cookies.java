package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.security.BrowserSessions;
import dev.caretaker.server.api.security.BrowserSessions.Session;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The cookie of a session. It is Secure, which browsers take for this machine's own addresses, too. It is sent along where a link of
 * another page leads to the console, so that a link in a mail opens; forms of other pages never carry it. Cookies know no ports, so it
 * is named by the control store: servers of another one on the same host have their own.
 */
final class Cookies {
    private static final String NAME = "caretaker-session-";
    /** Set by the script of the console; it says nothing about anybody. */
    private static final String ZONE = "caretaker-zone";

    private static final String ATTRIBUTES = "; Path=" + Console.PATH + "; Secure; HttpOnly; SameSite=Lax; Max-Age=";

    private final BrowserSessions sessions;

    Cookies(BrowserSessions sessions) {
        this.sessions = sessions;
    }

    String of(Session session) {
        return name() + "=" + sessions.seal(session) + ATTRIBUTES + BrowserSessions.LENGTH.toSeconds();
    }

    /** Takes it away. */
    String none() {
        return name() + "=" + ATTRIBUTES + "0";
    }

    Optional<String> session(HttpExchange exchange) {
        return value(exchange, name());
    }

    /** The zone of the browser's days, as its script says; empty if it says none, or one that is not known here. */
    static Optional<ZoneId> zone(HttpExchange exchange) {
        return value(exchange, ZONE).flatMap(text -> {
            try {
                return Optional.of(ZoneId.of(URLDecoder.decode(text, StandardCharsets.UTF_8)));
            } catch (DateTimeException | IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    private static Optional<String> value(HttpExchange exchange, String name) {
        String begin = name + "=";
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> List.of(header.split(";")).stream())
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(begin))
                .map(cookie -> cookie.substring(begin.length()))
                .findFirst();
    }

    private String name() {
        return NAME + sessions.storeName();
    }
}
