package dev.caretaker.server.api.connect;

import com.sun.net.httpserver.HttpExchange;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Json;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What becomes of a call, written as HTTP: whole, as the beginning of a stream, or as an error. */
final class Answers {
    static final int OK = 200;
    /** Lengths of a body, as the server of the JDK takes them. */
    private static final int CHUNKED = 0;

    private static final int NO_BODY = -1;

    private Answers() {}

    static void whole(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        Optional<byte[]> smaller =
                Compression.smaller(body, exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
        smaller.ifPresent(bytes -> exchange.getResponseHeaders().set("Content-Encoding", Compression.GZIP));
        byte[] bytes = smaller.orElse(body);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? NO_BODY : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The status and headers of a stream: its messages are written to what is returned. */
    static OutputStream begin(HttpExchange exchange, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        // What stands between may hold events back until it has many.
        exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
        exchange.sendResponseHeaders(OK, CHUNKED);
        return exchange.getResponseBody();
    }

    /** A message of a stream of lines. */
    static void line(OutputStream out, byte[] json) throws IOException {
        out.write(json);
        out.write('\n');
        out.flush();
    }

    /** A call that failed before anything was answered. */
    static void fail(HttpExchange exchange, StatusRuntimeException failure) throws IOException {
        byte[] body = json(ConnectError.of(told(exchange, failure)));
        whole(exchange, ConnectCode.http(failure.getStatus().getCode()), Codec.JSON.type(false), body);
    }

    /** The last message of a stream that failed, as JSON. */
    static byte[] error(HttpExchange exchange, StatusRuntimeException failure) {
        return json(Map.of("error", ConnectError.of(told(exchange, failure))));
    }

    /** That its time is over gRPC tells in words of its own, and without details. */
    private static StatusRuntimeException told(HttpExchange exchange, StatusRuntimeException failure) {
        String timeout = CallHeaders.of(exchange, CallHeaders.TIMEOUT);
        return failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED && !timeout.isEmpty()
                ? Refusal.of(
                        Reason.DEADLINE_EXCEEDED,
                        "There was no answer within the " + timeout + " ms of " + CallHeaders.TIMEOUT
                                + "; what was begun may go on.")
                : failure;
    }

    static byte[] json(Map<String, Object> object) {
        return Json.write(object).getBytes(StandardCharsets.UTF_8);
    }
}
