package dev.caretaker.cli.partitions.upkeep;

import com.google.protobuf.Duration;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.cli.watch.RunWatch;
import dev.caretaker.v1.PartitionServiceGrpc.PartitionServiceStub;
import dev.caretaker.v1.RunEvent;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that change single partitions by a run, and what they do with it. */
public final class StartOptions {
    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            order = 50,
            converter = Durations.Converter.class,
            description = "Longest time the run may take.")
    private java.time.Duration deadline;

    @Option(names = "--detach", order = 54, description = "Print the run's id once it is accepted, and leave.")
    private boolean detach;

    @Mixin
    private FollowOptions follow;

    @Mixin
    private MutationOptions mutation;

    public String requestId() {
        return mutation.requestId();
    }

    public String actor(Session session) {
        return mutation.actor(session.environment());
    }

    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline).map(Durations::toProto);
    }

    /** Starts the run and follows it; returns the exit code. */
    <A> int run(
            Session session, Function<A, RunEvent> event, BiConsumer<PartitionServiceStub, StreamObserver<A>> stream) {
        return run(
                session,
                Opening.of(event, observer -> stream.accept(session.connection().partitionStreams(), observer)));
    }

    /** The same of any service. */
    public int run(Session session, Opening opening) {
        RunWatch watch = new RunWatch(session, follow, actor(session));
        return detach ? watch.startAndLeave(opening, requestId()) : watch.start(opening, requestId());
    }
}
