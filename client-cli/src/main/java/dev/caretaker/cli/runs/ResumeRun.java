package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker runs resume RUN}. */
@Command(name = "resume", description = "Ask a paused run to go on from where it stood.")
public final class ResumeRun implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "RUN", description = "Id of the run.")
    private String runId;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever looks at the run.")
    private String reason = "";

    @Mixin
    private MutationOptions mutation;

    public ResumeRun(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ResumeRunRequest request = ResumeRunRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setRunId(runId)
                .setReason(reason)
                .build();
        Run run = session.connection().runs().resumeRun(request).getRun();
        session.printer().one(run, page -> page.line(SteeredRun.describe(run)));
    }
}
