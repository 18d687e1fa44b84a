package dev.caretaker.cli.holds;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ReleaseHoldRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caretaker holds release HOLD}. */
@Command(name = "release", description = "End a hold; what it paused goes on.")
public final class ReleaseHold implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "HOLD", description = "Id of the hold, as 'caretaker holds list' shows it.")
    private String hold;

    @Mixin
    private MutationOptions mutation;

    public ReleaseHold(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Hold released = release(session, mutation.requestId(), mutation.actor(session.environment()), hold);
        session.printer()
                .one(
                        released,
                        page -> page.line("Hold " + released.getHoldId() + " is released: " + HoldText.scope(released)
                                + " goes on."));
    }

    static Hold release(Session session, String requestId, String actor, String holdId) {
        return session.connection()
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(requestId)
                        .setActor(actor)
                        .setHoldId(holdId)
                        .build())
                .getHold();
    }
}
