package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import picocli.CommandLine.Command;

/** {@code caretaker runs resume RUN}. */
@Command(name = "resume", description = "Ask a paused run to go on from where it stood.")
public final class ResumeRun extends Steering {
    public ResumeRun(Session session) {
        super(session);
    }

    @Override
    Run ask(RunServiceBlockingStub runs, Wish wish) {
        return runs.resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(wish.requestId())
                        .setActor(wish.actor())
                        .setRunId(wish.runId())
                        .setReason(wish.reason())
                        .build())
                .getRun();
    }
}
