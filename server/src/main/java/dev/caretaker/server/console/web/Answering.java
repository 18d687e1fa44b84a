package dev.caretaker.server.console.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.connect.Compression;
import dev.caretaker.server.api.connect.StreamPlaces;
import dev.caretaker.server.console.web.Assets.Asset;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what pages answer, with the headers that keep a browser from doing anything else with it. */
final class Answering {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    private static final int SEE_OTHER = 303;
    private static final int NOT_FOUND = 404;
    private static final int NO_BODY = -1;
    private static final int CHUNKED = 0;

    /** Everything comes from here, nothing is written into pages that runs, nobody frames them. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** A document runs nothing and loads nothing; it may have its own styles. */
    private static final String DOCUMENT_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

    private final HttpExchange exchange;
    private final Templates templates;
    private final StreamPlaces places;

    Answering(HttpExchange exchange, Templates templates, StreamPlaces places) {
        this.exchange = exchange;
        this.templates = templates;
        this.places = places;
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Cache-Control", "no-store");
    }

    void cookie(String cookie) {
        exchange.getResponseHeaders().set("Set-Cookie", cookie);
    }

    void send(Reply reply) throws IOException {
        switch (reply) {
            case Reply.Page page ->
                body(
                        page.status(),
                        "text/html; charset=utf-8",
                        templates
                                .render(page.template(), page.frame(), page.view())
                                .getBytes(StandardCharsets.UTF_8));
            case Reply.SeeOther other -> {
                other.cookie().ifPresent(this::cookie);
                go(other.href());
            }
            case Reply.Document document -> {
                exchange.getResponseHeaders().set("Content-Security-Policy", DOCUMENT_POLICY);
                if (!document.fileName().isEmpty()) {
                    exchange.getResponseHeaders()
                            .set("Content-Disposition", "attachment; filename=\"" + document.fileName() + "\"");
                }
                body(Reply.OK, document.type(), document.content());
            }
            case Reply.Bare bare -> exchange.sendResponseHeaders(bare.status(), NO_BODY);
            case Reply.Events events -> places.within(exchange, () -> stream(events));
        }
    }

    /** @param current whether it was asked for as this server has it: what another version has by the same name must not be kept */
    void send(Optional<Asset> asset, boolean current) throws IOException {
        if (asset.isEmpty()) {
            exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
            return;
        }
        if (current) {
            exchange.getResponseHeaders().set("Cache-Control", "public, max-age=31536000, immutable");
        }
        Optional<byte[]> zipped = asset.get().zipped().filter(bytes -> takesGzip());
        write(Reply.OK, asset.get().type(), zipped, asset.get().content());
    }

    private void go(String href) throws IOException {
        // A script that asked for a part of a page would put the whole page in its place.
        boolean script = exchange.getRequestHeaders().containsKey("HX-Request");
        exchange.getResponseHeaders().set(script ? "HX-Redirect" : "Location", href);
        exchange.sendResponseHeaders(script ? Reply.OK : SEE_OTHER, NO_BODY);
    }

    private void stream(Reply.Events events) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        // What stands between may hold events back until it has many.
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
        exchange.sendResponseHeaders(Reply.OK, CHUNKED);
        try (OutputStream out = exchange.getResponseBody()) {
            EventStream stream = new EventStream(out);
            try {
                events.live().send(stream);
            } catch (StatusRuntimeException e) {
                // The browser asks again, and is told by the page if that cannot go well.
                LOG.debug("Events of {} ended: {}", exchange.getRequestURI(), e.getStatus());
                if (e.getStatus().getCode() == Status.Code.UNAUTHENTICATED) {
                    SignIn.over().live().send(stream);
                }
            }
        } catch (IOException e) {
            LOG.debug("Who followed {} is gone", exchange.getRequestURI());
        }
    }

    private void body(int status, String type, byte[] content) throws IOException {
        write(
                status,
                type,
                Compression.smaller(content, exchange.getRequestHeaders().getFirst("Accept-Encoding")),
                content);
    }

    private boolean takesGzip() {
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        return accepted != null && accepted.contains(Compression.GZIP);
    }

    private void write(int status, String type, Optional<byte[]> zipped, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
        zipped.ifPresent(bytes -> exchange.getResponseHeaders().set("Content-Encoding", Compression.GZIP));
        byte[] bytes = zipped.orElse(content);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? NO_BODY : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
