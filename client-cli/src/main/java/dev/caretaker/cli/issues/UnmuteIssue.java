package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.Mute;
import dev.caretaker.v1.UnmuteFindingRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker issues unmute ID}. */
@Command(name = "unmute", description = "Show a muted finding again.")
public final class UnmuteIssue implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "ID", description = "Id of the finding.")
    private String id;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Its target.")
    private String target;

    @Mixin
    private MutationOptions mutation;

    public UnmuteIssue(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Mute mute = unmute(session, mutation.requestId(), mutation.actor(session.environment()), target, id);
        session.printer().one(mute, page -> page.line("Finding " + mute.getFindingId() + " is shown again."));
    }

    static Mute unmute(Session session, String requestId, String actor, String target, String id) {
        return session.connection()
                .issues()
                .unmuteFinding(UnmuteFindingRequest.newBuilder()
                        .setRequestId(requestId)
                        .setActor(actor)
                        .setFindingId(id)
                        .setTarget(target)
                        .build())
                .getMute();
    }
}
