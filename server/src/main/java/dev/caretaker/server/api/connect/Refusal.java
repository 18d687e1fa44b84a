package dev.caretaker.server.api.connect;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.api.error.Statuses;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Json;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What is refused before there is a call. It is told as calls tell their errors, whatever the caller accepts, with the status that
 * HTTP has for it.
 */
public final class Refusal {
    private static final int NOT_ALLOWED = 405;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int NO_BODY = -1;

    private Refusal() {}

    /** As an error of a call. */
    static StatusRuntimeException of(Reason reason, String message) {
        return Statuses.of(CaretakerException.of(reason, message));
    }

    /** A part of the request that makes no sense. */
    static StatusRuntimeException wrong(String message) {
        return of(Reason.INVALID_FIELD, message);
    }

    /** A verb of HTTP that the method cannot be called by. */
    static void method(HttpExchange exchange, Method method) throws IOException {
        boolean get = !method.streams() && method.changesNothing();
        exchange.getResponseHeaders().set("Allow", get ? "GET, POST" : "POST");
        send(
                exchange,
                NOT_ALLOWED,
                Reason.HTTP_METHOD_NOT_ALLOWED,
                method.descriptor().getBareMethodName() + " is called by " + (get ? "GET or POST." : "POST."));
    }

    /** A type that the method does not read. */
    static void type(HttpExchange exchange, Method method) throws IOException {
        String known = Codec.JSON.type(method.streams()) + ", " + Codec.PROTO.type(method.streams());
        exchange.getResponseHeaders().set("Accept-Post", known);
        String orLines = method.streams() ? ", or application/json with Accept: " + ConnectApi.LINES : "";
        send(
                exchange,
                UNSUPPORTED_TYPE,
                Reason.UNSUPPORTED_ENCODING,
                "Content-Type has to be one of " + known + orLines + ".");
    }

    /** Answers a request, and reads no more of it. */
    public static void send(HttpExchange exchange, int status, Reason reason, String message) throws IOException {
        byte[] body = Json.write(ConnectError.of(of(reason, message))).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", Codec.JSON.type(false));
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? NO_BODY : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
