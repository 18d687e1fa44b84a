package dev.caretaker.server.api.command;

import dev.caretaker.server.run.TraceParent;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The trace that a call belongs to by its header {@code traceparent}, which the runs that it starts go on with. */
@Singleton
final class CallerTrace implements ServerInterceptor {
    private static final Metadata.Key<String> HEADER = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<TraceParent> TRACE = Context.key("trace");

    /** That of the call on this thread; empty if it has none. */
    static Optional<TraceParent> current() {
        return Optional.ofNullable(TRACE.get());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<TraceParent> trace = Optional.ofNullable(headers.get(HEADER)).flatMap(TraceParent::parse);
        return trace.isEmpty()
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(TRACE, trace.get()), call, headers, next);
    }
}
