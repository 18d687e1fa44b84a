package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker runs pause RUN}. */
@Command(
        name = "pause",
        description = "Ask a run to pause after its current batch or statement. It then holds no locks.")
public final class PauseRun implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "Id of the run.")
    private String runId;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever looks at the run.")
    private String reason = "";

    @Mixin
    private MutationOptions mutation;

    public PauseRun(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PauseRunRequest request = PauseRunRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setRunId(runId)
                .setReason(reason)
                .build();
        Run run = session.connection().runs().pauseRun(request).getRun();
        session.printer().one(run, page -> page.line(SteeredRun.describe(run)));
    }
}
