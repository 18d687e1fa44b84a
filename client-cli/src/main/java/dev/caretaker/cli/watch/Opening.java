package dev.caretaker.cli.watch;

import dev.caretaker.v1.RunEvent;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Opens a stream of run events: the one that starts a run, or one that watches it. */
public interface Opening {
    /** Starts the call; what it brings goes to {@code signals}. */
    EventStream<?> open(BlockingQueue<Signal> signals);

    /** An opening from a method of a stub, for example {@code observer -> stub.executeCleanup(request, observer)}. */
    static <A> Opening of(Function<A, RunEvent> event, Consumer<StreamObserver<A>> call) {
        return signals -> EventStream.open(signals, event, call);
    }
}
