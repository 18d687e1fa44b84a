package dev.caretaker.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.caretaker.server.api.connect.Refusal;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Lets requests through that name this machine by its address or as localhost. Where nobody must prove who he is, a page in the
 * browser of somebody who can reach the port might call it by a name of its own that was made to mean this address ("DNS
 * rebinding"), and the browser would let it.
 */
final class NamedHost implements HttpHandler {
    private static final int MISDIRECTED = 421;
    /** With or without a port. */
    private static final Pattern LOCAL =
            Pattern.compile("(localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    private final HttpHandler next;
    private final boolean api;
    private final String why;

    /**
     * Before a handler.
     *
     * @param api whether it is called by programs, which want errors as the API has them
     * @param why others are refused, as a sentence
     */
    NamedHost(HttpHandler next, boolean api, String why) {
        this.next = next;
        this.api = api;
        this.why = why;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host != null && LOCAL.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            next.handle(exchange);
            return;
        }
        try (exchange) {
            if (api) {
                Refusal.send(exchange, MISDIRECTED, Reason.HOST_NOT_SERVED, why);
                return;
            }
            byte[] text = (why + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(MISDIRECTED, text.length);
            exchange.getResponseBody().write(text);
        }
    }
}
