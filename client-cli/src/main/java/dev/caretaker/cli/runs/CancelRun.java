package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import picocli.CommandLine.Command;

/** {@code caretaker runs cancel RUN}. */
@Command(name = "cancel", description = "Ask a run to stop for good. What its finished batches deleted stays deleted.")
public final class CancelRun extends Steering {
    public CancelRun(Session session) {
        super(session);
    }

    @Override
    Run ask(RunServiceBlockingStub runs, Wish wish) {
        return runs.cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(wish.requestId())
                        .setActor(wish.actor())
                        .setRunId(wish.runId())
                        .setReason(wish.reason())
                        .build())
                .getRun();
    }
}
