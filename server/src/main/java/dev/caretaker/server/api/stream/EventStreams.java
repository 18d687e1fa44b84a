package dev.caretaker.server.api.stream;

import dev.caretaker.server.api.error.Statuses;
import dev.caretaker.server.report.observe.Observations;
import dev.caretaker.server.run.Runs;
import dev.caretaker.v1.RunEvent;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.function.Function;

/**
 * Streams the events of runs. Each stream has a virtual thread of its own, because gRPC tells of readiness and of
 * cancellation on the thread of the call, which must be free for that.
 */
@Singleton
public final class EventStreams {
    private final Runs runs;
    private final Observations observations;

    EventStreams(Runs runs, Observations observations) {
        this.runs = runs;
        this.observations = observations;
    }

    /**
     * Streams from a number on to the end of the run. Returns at once.
     *
     * @param envelope puts an event into the RPC's own response
     */
    public <A> void watch(UUID runId, long fromSequence, StreamObserver<A> observer, Function<RunEvent, A> envelope) {
        var client = new Client<>((ServerCallStreamObserver<A>) observer);
        Thread.ofVirtual().name("watch-" + runId).start(Context.current().wrap(() -> {
            try {
                runs.watch(runId, fromSequence, new ClientWatcher<>(runId, client, observations, envelope));
                client.complete();
            } catch (RuntimeException e) {
                client.fail(Statuses.of(e));
            }
        }));
    }
}
