package dev.caretaker.cli.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.watch.FollowOptions;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.cli.watch.RunWatch;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceStub;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that start a run of upkeep on a target, and what they do with it. */
public final class RunOptions {
    // Required, but not of subcommands' callers, who give their own.
    @Option(names = "--target", paramLabel = "NAME", order = 1, description = "The target. Required.")
    private String target;

    @Option(names = "--dry-run", order = 53, description = "Only show what would be done, and why.")
    private boolean dryRun;

    @Option(names = "--detach", order = 54, description = "Print the run's id once it is accepted, and leave.")
    private boolean detach;

    @Mixin
    private FollowOptions follow;

    @Mixin
    private MutationOptions mutation;

    public String target() {
        if (target == null) {
            throw CommandFailure.usage("--target names the target to work on");
        }
        return target;
    }

    public boolean dryRun() {
        return dryRun;
    }

    /** Whether the command is there until the run has ended. */
    public boolean follows() {
        return !dryRun && !detach;
    }

    public String requestId() {
        return mutation.requestId();
    }

    public String actor(Session session) {
        return mutation.actor(session.environment());
    }

    /**
     * Shows what would be done, or starts the run and follows it.
     *
     * @param event in an answer
     * @param stream starts the run
     * @param preview asks what would be done
     * @return the exit code
     */
    public <A> int run(
            Session session,
            Function<A, RunEvent> event,
            BiConsumer<MaintenanceServiceStub, StreamObserver<A>> stream,
            Function<MaintenanceServiceBlockingStub, Iterator<A>> preview) {
        if (dryRun) {
            A answer = preview.apply(session.connection().maintenance()).next();
            RunAccepted run = event.apply(answer).getAccepted();
            session.printer().one(run, page -> Preview.show(run, page));
            return ExitCode.COMPLETE;
        }
        Opening opening =
                Opening.of(event, observer -> stream.accept(session.connection().maintenanceStreams(), observer));
        RunWatch watch = new RunWatch(session, follow, actor(session));
        return detach ? watch.startAndLeave(opening, requestId()) : watch.start(opening, requestId());
    }
}
