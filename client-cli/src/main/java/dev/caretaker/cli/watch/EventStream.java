package dev.caretaker.cli.watch;

import dev.caretaker.v1.RunEvent;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One server stream of run events, handed over to a queue one by one: the next is asked for only when the last was
 * consumed, so that the replay of a long run does not pile up in memory.
 *
 * @param <A> message of the stream, which carries an event
 */
public final class EventStream<A> implements ClientResponseObserver<Object, A> {
    private final BlockingQueue<Signal> signals;
    private final Function<A, RunEvent> event;
    private volatile ClientCallStreamObserver<?> call;

    private EventStream(BlockingQueue<Signal> signals, Function<A, RunEvent> event) {
        this.signals = signals;
        this.event = event;
    }

    /** Starts a call whose messages are turned into signals. */
    static <A> EventStream<A> open(
            BlockingQueue<Signal> signals, Function<A, RunEvent> event, Consumer<StreamObserver<A>> call) {
        EventStream<A> stream = new EventStream<>(signals, event);
        call.accept(stream);
        return stream;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Object> requests) {
        requests.disableAutoRequestWithInitial(1);
        call = requests;
    }

    /** Asks for the next event. */
    void next() {
        call.request(1);
    }

    /** Leaves the stream; the run goes on. */
    void leave() {
        call.cancel("the client leaves", null);
    }

    @Override
    public void onNext(A message) {
        signals.add(new Signal.Arrived(this, event.apply(message)));
    }

    @Override
    public void onError(Throwable error) {
        signals.add(new Signal.Closed(this, error));
    }

    @Override
    public void onCompleted() {
        signals.add(new Signal.Closed(this, null));
    }
}
