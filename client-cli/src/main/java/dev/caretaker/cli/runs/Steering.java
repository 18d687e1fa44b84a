package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks something of a run, and says why. */
abstract class Steering implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "Id of the run.")
    private String runId;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever looks at the run.")
    private String reason = "";

    @Mixin
    private MutationOptions mutation;

    Steering(Session session) {
        this.session = session;
    }

    /** What is said of the run, for each kind of request to be filled with. */
    record Wish(String requestId, String actor, String runId, String reason) {}

    abstract Run ask(RunServiceBlockingStub runs, Wish wish);

    @Override
    public final void run() {
        Wish wish = new Wish(mutation.requestId(), mutation.actor(session.environment()), runId, reason);
        Run run = ask(session.connection().runs(), wish);
        session.printer().one(run, page -> page.line(SteeredRun.describe(run)));
    }
}
