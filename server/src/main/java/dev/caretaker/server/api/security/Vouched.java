package dev.caretaker.server.api.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name in a certificate that a caller showed to the HTTP port, for calls within the process. It goes along in a header that only
 * the server within the process reads: nobody reaches that one from outside, and no header of a request over HTTP becomes this one.
 */
public final class Vouched {
    private static final Metadata.Key<byte[]> HEADER =
            Metadata.Key.of("caretaker-peer-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final Context.Key<String> NAME = Context.key("dev.caretaker.peer");

    private Vouched() {}

    /** The name in the certificate of who asks; empty if he showed none. */
    public static Optional<String> name(HttpExchange exchange) {
        return exchange instanceof HttpsExchange secured
                ? PeerCertificate.name(secured.getSSLSession())
                : Optional.empty();
    }

    /** Calls in the name of who showed a certificate. */
    public static Channel by(String name, Channel channel) {
        Metadata headers = new Metadata();
        headers.put(HEADER, name.getBytes(StandardCharsets.UTF_8));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** What reads it; for the server within the process alone, before all others. */
    public static ServerInterceptor reader() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                byte[] name = headers.get(HEADER);
                return name == null
                        ? next.startCall(call, headers)
                        : Contexts.interceptCall(
                                Context.current().withValue(NAME, new String(name, StandardCharsets.UTF_8)),
                                call,
                                headers,
                                next);
            }
        };
    }

    /** Of the call on this thread; empty if no certificate was shown. */
    static Optional<String> current() {
        return Optional.ofNullable(NAME.get());
    }
}
