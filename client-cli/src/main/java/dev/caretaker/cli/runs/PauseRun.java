package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import picocli.CommandLine.Command;

/** {@code caretaker runs pause RUN}. */
@Command(
        name = "pause",
        description = "Ask a run to pause after its current batch or statement. It then holds no locks.")
public final class PauseRun extends Steering {
    public PauseRun(Session session) {
        super(session);
    }

    @Override
    Run ask(RunServiceBlockingStub runs, Wish wish) {
        return runs.pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(wish.requestId())
                        .setActor(wish.actor())
                        .setRunId(wish.runId())
                        .setReason(wish.reason())
                        .build())
                .getRun();
    }
}
