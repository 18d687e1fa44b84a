package dev.caretaker.server.api.security;

import dev.caretaker.server.api.error.Statuses;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.micronaut.core.order.Ordered;
import jakarta.inject.Singleton;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Finds out who calls, by client certificate or bearer token. Where either is configured, nobody gets in without; only
 * health stays open, because load balancers ask for it. Where none is configured, callers are taken at their word, and
 * their actions are marked as claimed.
 */
@Singleton
final class CallerInterceptor implements ServerInterceptor, Ordered {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String BEARER = "Bearer ";

    private final KnownCallers callers;
    private final boolean required;

    CallerInterceptor(CaretakerConfig config, KnownCallers callers) {
        this.callers = callers;
        this.required = config.listen().authenticates();
    }

    /** Right after the translation of errors. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<String> name = byCertificate(call).or(Vouched::current).or(() -> byToken(headers));
        boolean open = HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
        if (name.isEmpty() && required && !open) {
            StatusRuntimeException refusal = Statuses.of(CaretakerException.of(
                    Reason.CALLER_NOT_AUTHENTICATED,
                    "This server wants a client certificate or an authorization header with a bearer token it knows."));
            call.close(refusal.getStatus(), refusal.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        Context context = name.map(known -> Context.current().withValue(Caller.VERIFIED_NAME, known))
                .orElseGet(Context::current);
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static Optional<String> byCertificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return session == null ? Optional.empty() : PeerCertificate.name(session);
    }

    private Optional<String> byToken(Metadata headers) {
        String header = headers.get(AUTHORIZATION);
        boolean bearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return bearer ? callers.nameOf(header.substring(BEARER.length()).strip()) : Optional.empty();
    }
}
