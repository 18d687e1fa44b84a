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
        UnmuteFindingRequest request = UnmuteFindingRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setFindingId(id)
                .setTarget(target)
                .build();
        Mute mute = session.connection().issues().unmuteFinding(request).getMute();
        session.printer().one(mute, page -> page.line("Finding " + mute.getFindingId() + " is shown again."));
    }
}
