package dev.caretaker.server.console.web;

import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The page in the place of one that a page of another site has led to: nothing is looked at before somebody wants it.
 *
 * @param href address of the page, without a wish to look again
 */
public record Elsewhere(String href) {
    private static final int FORBIDDEN = 403;

    static Reply of(HttpExchange exchange, Request request) {
        String query = exchange.getRequestURI().getRawQuery();
        String kept = query == null
                ? ""
                : Arrays.stream(query.split("&"))
                        .filter(pair -> !pair.startsWith("look="))
                        .collect(Collectors.joining("&"));
        String href = exchange.getRequestURI().getRawPath() + (kept.isEmpty() ? "" : "?" + kept);
        return request.apart(FORBIDDEN, "Not loaded yet", "elsewhere.jte", new Elsewhere(href));
    }
}
