package dev.caretaker.server.api.stream;

import dev.caretaker.server.api.error.Statuses;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Streams what some work tells while it goes on, on a virtual thread of its own; see {@link EventStreams}. */
public final class ReplyStreams {
    private ReplyStreams() {}

    /** The receiving end. */
    public interface Sink<A> {
        /** Waits until the client has room, then sends. False if it is gone. */
        boolean send(A message);

        /** Whether nobody listens any more. */
        boolean isGone();
    }

    /** What is told. */
    @FunctionalInterface
    public interface Work<A> {
        void tell(Sink<A> sink);
    }

    /** Returns at once. */
    public static <A> void send(String name, StreamObserver<A> observer, Work<A> work) {
        var call = (ServerCallStreamObserver<A>) observer;
        var client = new Client<>(call);
        Sink<A> sink = new Sink<>() {
            @Override
            public boolean send(A message) {
                return client.send(message);
            }

            @Override
            public boolean isGone() {
                return call.isCancelled();
            }
        };
        Thread.ofVirtual().name(name).start(Context.current().wrap(() -> {
            try {
                work.tell(sink);
                client.complete();
            } catch (RuntimeException e) {
                client.fail(Statuses.of(e));
            }
        }));
    }
}
