package dev.caretaker.server.api;

import io.grpc.stub.StreamObserver;

/** Ends unary calls. */
final class Replies {
    private Replies() {}

    static <A> void send(StreamObserver<A> observer, A answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
