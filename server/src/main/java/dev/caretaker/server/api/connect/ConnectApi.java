package dev.caretaker.server.api.connect;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.caretaker.server.api.security.KnownCallers;
import dev.caretaker.server.api.security.Vouched;
import dev.caretaker.server.error.Reason;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers calls of the <a href="https://connectrpc.com/docs/protocol">Connect protocol</a>, version 1: unary ones by POST, and by GET
 * where the method changes nothing; server streams by POST, and as lines of JSON to who accepts {@code application/x-ndjson}. A
 * caller who goes away cancels the call, never a run.
 */
@Singleton
public final class ConnectApi implements HttpHandler {
    /** All services as a FileDescriptorSet, for clients that are not generated. */
    private static final String DESCRIPTORS = "/descriptors.binpb";

    /** Streams as lines, for who wants them so. */
    static final String LINES = "application/x-ndjson";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final InProcessApi api;
    private final KnownCallers callers;
    private final StreamPlaces places;
    private final Map<String, Method> methods;

    ConnectApi(InProcessApi api, KnownCallers callers, StreamPlaces places) {
        this.api = api;
        this.callers = callers;
        this.places = places;
        this.methods = Method.of(api.services());
    }

    /** Beginnings of the paths that are answered here: one a service, {@code /caretaker.v1.RunService/}, and that of the descriptors. */
    public Set<String> paths() {
        Stream<String> services = methods.keySet().stream().map(path -> path.substring(0, path.lastIndexOf('/') + 1));
        return Stream.concat(services, Stream.of(DESCRIPTORS)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
            String path = exchange.getRequestURI().getPath();
            Method method = methods.get(path);
            if (path.equals(DESCRIPTORS) && !callers.admit(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"caretaker\"");
                Refusal.send(exchange, UNAUTHORIZED, Reason.CALLER_NOT_AUTHENTICATED, KnownCallers.WANTED);
            } else if (path.equals(DESCRIPTORS) && exchange.getRequestMethod().equals("GET")) {
                Answers.whole(
                        exchange,
                        Answers.OK,
                        "application/protobuf",
                        Descriptors.of(api.services()).toByteArray());
            } else if (method == null) {
                Refusal.send(
                        exchange, NOT_FOUND, Reason.NO_SUCH_METHOD, "There is no method " + path.substring(1) + ".");
            } else {
                switch (exchange.getRequestMethod()) {
                    case "POST" -> post(exchange, method);
                    case "GET" -> get(exchange, method);
                    default -> Refusal.method(exchange, method);
                }
            }
        }
    }

    private void post(HttpExchange exchange, Method method) throws IOException {
        String type = CallHeaders.of(exchange, "Content-Type");
        Optional<Codec> codec = Codec.of(type, method.streams());
        if (method.streams()
                && Codec.of(type, false).equals(Optional.of(Codec.JSON))
                && CallHeaders.of(exchange, "Accept").contains(LINES)) {
            places.within(exchange, () -> lines(exchange, method));
        } else if (codec.isEmpty()) {
            Refusal.type(exchange, method);
        } else if (method.streams()) {
            places.within(exchange, () -> stream(exchange, method, codec.get()));
        } else {
            unary(exchange, method, codec.get(), () -> body(exchange));
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        return Compression.read(exchange.getRequestBody(), CallHeaders.of(exchange, "Content-Encoding"));
    }

    private void get(HttpExchange exchange, Method method) throws IOException {
        if (method.streams() || !method.changesNothing()) {
            Refusal.method(exchange, method);
            return;
        }
        if (isOfAnotherSite(exchange)) {
            Refusal.send(
                    exchange,
                    FORBIDDEN,
                    Reason.PAGE_NOT_SERVED,
                    "A page of another site asks for this (Sec-Fetch-Site), and sends no Authorization.");
            return;
        }
        try {
            GetQuery query = GetQuery.of(exchange.getRequestURI());
            unary(exchange, method, query.codec(), query::message);
        } catch (StatusRuntimeException e) {
            Answers.fail(exchange, e);
        }
    }

    /**
     * Whether a page in somebody's browser asks that is no friend of his: its pictures and scripts send a GET, with his certificate if he
     * has one, and some calls have the server look at databases. A token is sent by none that does not know it.
     */
    private static boolean isOfAnotherSite(HttpExchange exchange) {
        String site = CallHeaders.of(exchange, "Sec-Fetch-Site");
        return (site.equals("cross-site") || site.equals("same-site"))
                && CallHeaders.of(exchange, "Authorization").isEmpty();
    }

    /** Reads what was sent. */
    @FunctionalInterface
    private interface Body {
        byte[] read() throws IOException;
    }

    private void unary(HttpExchange exchange, Method method, Codec codec, Body body) throws IOException {
        byte[] answer;
        try {
            Headers headers = exchange.getRequestHeaders();
            var options = CallHeaders.options(headers);
            Message request = parsed(codec, body.read(), method);
            answer = codec.write(
                    ClientCalls.blockingUnaryCall(channel(exchange), method.descriptor(), options, request));
        } catch (StatusRuntimeException e) {
            Answers.fail(exchange, e);
            return;
        }
        Answers.whole(exchange, Answers.OK, codec.type(false), answer);
    }

    /** Whatever becomes of it, HTTP says 200: how it ended is told by its last message. */
    private void stream(HttpExchange exchange, Method method, Codec codec) throws IOException {
        cancelling(() -> {
            try (OutputStream out = Answers.begin(exchange, codec.type(true))) {
                try {
                    byte[] sent = Compression.read(exchange.getRequestBody(), "");
                    byte[] message = Envelope.only(sent, CallHeaders.of(exchange, "Connect-Content-Encoding"));
                    Iterator<Message> answers = answers(exchange, method, codec, message);
                    while (answers.hasNext()) {
                        Envelope.message(codec.write(answers.next())).write(out);
                    }
                    Envelope.end(Answers.json(Map.of())).write(out);
                } catch (StatusRuntimeException e) {
                    Envelope.end(Answers.error(exchange, e)).write(out);
                }
            }
        });
    }

    /**
     * Not of Connect, but for shells: a message a line. What fails before the first one fails as unary calls do, so that
     * {@code curl --fail} notices; an error later is the last line.
     */
    private void lines(HttpExchange exchange, Method method) throws IOException {
        cancelling(() -> {
            Iterator<Message> answers;
            boolean any;
            try {
                answers = answers(exchange, method, Codec.JSON, body(exchange));
                any = answers.hasNext();
            } catch (StatusRuntimeException e) {
                Answers.fail(exchange, e);
                return;
            }
            try (OutputStream out = Answers.begin(exchange, LINES)) {
                try {
                    for (boolean more = any; more; more = answers.hasNext()) {
                        Answers.line(out, Codec.JSON.write(answers.next()));
                    }
                } catch (StatusRuntimeException e) {
                    Answers.line(out, Answers.error(exchange, e));
                }
            }
        });
    }

    private Iterator<Message> answers(HttpExchange exchange, Method method, Codec codec, byte[] message) {
        Headers headers = exchange.getRequestHeaders();
        return ClientCalls.blockingServerStreamingCall(
                channel(exchange), method.descriptor(), CallHeaders.options(headers), parsed(codec, message, method));
    }

    /** Answers a caller. */
    @FunctionalInterface
    private interface Answering {
        void run() throws IOException;
    }

    /** When the caller is told everything, or is gone, the call is over. */
    private static void cancelling(Answering answering) throws IOException {
        Context.CancellableContext call = Context.current().withCancellation();
        Context before = call.attach();
        try {
            answering.run();
        } finally {
            call.detach(before);
            call.cancel(null);
        }
    }

    private Channel channel(HttpExchange exchange) {
        Metadata metadata = CallHeaders.metadata(exchange.getRequestHeaders());
        Channel channel =
                ClientInterceptors.intercept(api.channel(), MetadataUtils.newAttachHeadersInterceptor(metadata));
        return Vouched.name(exchange).map(name -> Vouched.by(name, channel)).orElse(channel);
    }

    private static Message parsed(Codec codec, byte[] bytes, Method method) {
        try {
            return codec.parse(bytes, method.request());
        } catch (InvalidProtocolBufferException e) {
            throw Refusal.wrong("The request is not a "
                    + method.request().getDescriptorForType().getName() + ": " + withoutClass(e.getMessage()));
        }
    }

    /** What a parser says, which may begin with the name of a class. */
    private static String withoutClass(String said) {
        return said.replaceFirst("^(?:[a-z]+\\.)+\\w+(?:Exception|Error): ", "");
    }
}
