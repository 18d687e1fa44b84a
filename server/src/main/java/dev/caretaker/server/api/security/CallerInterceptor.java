package dev.caretaker.server.api.security;

import dev.caretaker.server.api.error.Statuses;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
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

    private final KnownCallers callers;

    CallerInterceptor(KnownCallers callers) {
        this.callers = callers;
    }

    /** Right after the translation of errors. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String authorization = headers.get(AUTHORIZATION);
        Optional<String> certified = byCertificate(call).or(Vouched::current);
        Optional<String> name = certified.or(() -> callers.nameIn(authorization));
        boolean open = HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
        if (name.isEmpty() && callers.areRequired() && !open) {
            StatusRuntimeException refusal = refusal();
            call.close(refusal.getStatus(), refusal.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        Context context = name.map(known -> Context.current().withValue(Caller.VERIFIED_NAME, known))
                .orElseGet(Context::current);
        boolean watched = certified.isEmpty()
                && callers.areRequired()
                && !open
                && !call.getMethodDescriptor().getType().serverSendsOneMessage();
        return Contexts.interceptCall(context, watched ? whileKnown(call, authorization) : call, headers, next);
    }

    /** A stream that goes on for as long as its token is known: it is asked for before each message. */
    private <Q, A> ServerCall<Q, A> whileKnown(ServerCall<Q, A> call, String authorization) {
        return new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A message) {
                if (callers.nameIn(authorization).isEmpty()) {
                    throw refusal();
                }
                super.sendMessage(message);
            }
        };
    }

    private static StatusRuntimeException refusal() {
        return Statuses.of(CaretakerException.of(Reason.CALLER_NOT_AUTHENTICATED, KnownCallers.WANTED));
    }

    private static Optional<String> byCertificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return session == null ? Optional.empty() : PeerCertificate.name(session);
    }
}
