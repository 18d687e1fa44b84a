package dev.caretaker.server.api.error;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outermost interceptor: ends every call that throws, and every call that fails with something other than a status, as
 * {@link Statuses} says. What fails while the server stops is no incident.
 */
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ErrorInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorInterceptor.class);

    private volatile boolean stopping;

    /** What a call uses may be closed under it from now on. */
    @EventListener
    void stop(ShutdownEvent stopped) {
        stopping();
    }

    void stopping() {
        stopping = true;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var translated = new TranslatedCall<>(call);
        try {
            return new GuardedListener<>(next.startCall(translated, headers), translated);
        } catch (RuntimeException e) {
            translated.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private StatusRuntimeException status(Throwable thrown) {
        if (stopping && Statuses.isUnexpected(thrown)) {
            LOG.info("A call failed while the server stops", thrown);
            return Status.UNAVAILABLE
                    .withDescription("The server stops; try again.")
                    .asRuntimeException();
        }
        return Statuses.of(thrown);
    }

    private final class TranslatedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final AtomicBoolean closed = new AtomicBoolean();

        TranslatedCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            boolean untranslated = status.getCode() == Status.Code.UNKNOWN && status.getCause() != null;
            if (untranslated) {
                fail(status.getCause());
            } else if (closed.compareAndSet(false, true)) {
                super.close(status, trailers);
            }
        }

        void fail(Throwable thrown) {
            if (closed.compareAndSet(false, true)) {
                StatusRuntimeException status = status(thrown);
                Metadata trailers = status.getTrailers() == null ? new Metadata() : status.getTrailers();
                super.close(status.getStatus(), trailers);
            }
        }
    }

    private static final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final TranslatedCall<?, ?> call;

        GuardedListener(ServerCall.Listener<Q> delegate, TranslatedCall<?, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guarded(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guarded(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guarded(super::onReady);
        }

        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException e) {
                call.fail(e);
            } catch (Error e) {
                call.fail(e);
                throw e;
            }
        }
    }
}
