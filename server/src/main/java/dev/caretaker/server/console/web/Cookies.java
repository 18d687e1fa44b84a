package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.security.BrowserSessions;
import java.util.List;
import java.util.Optional;

/**
 * The cookie of a session. It is Secure, which browsers take for this machine's own addresses, too. It is sent along where a link of
 * another page leads to the console, so that a link in a mail opens; forms of other pages never carry it.
 */
final class Cookies {
    private static final String NAME = "caretaker-session";
    private static final String ATTRIBUTES = "; Path=" + Console.PATH + "; Secure; HttpOnly; SameSite=Lax; Max-Age=";

    private Cookies() {}

    static String of(String session) {
        return NAME + "=" + session + ATTRIBUTES + BrowserSessions.LENGTH.toSeconds();
    }

    /** Takes it away. */
    static String none() {
        return NAME + "=" + ATTRIBUTES + "0";
    }

    static Optional<String> session(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> List.of(header.split(";")).stream())
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(NAME + "="))
                .map(cookie -> cookie.substring(NAME.length() + 1))
                .findFirst();
    }
}
