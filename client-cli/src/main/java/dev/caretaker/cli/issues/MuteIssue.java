package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.connect.OlderServer;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Mute;
import dev.caretaker.v1.MuteFindingRequest;
import java.time.Duration;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker issues mute ID}. */
@Command(name = "mute", description = "Hide a finding, for a while or until it is unmuted.")
public final class MuteIssue implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "ID", description = "Id of the finding.")
    private String id;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "Its target.")
    private String target;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    private String reason;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "How long, such as 30d. Default: until it is unmuted.")
    private Duration duration;

    @Mixin
    private MutationOptions mutation;

    public MuteIssue(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        MuteFindingRequest.Builder request = MuteFindingRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setFindingId(id)
                .setTarget(target)
                .setReason(reason);
        if (duration != null) {
            request.setDuration(Durations.toProto(duration));
        }
        Mute mute = session.connection().issues().muteFinding(request.build()).getMute();
        if (request.hasDuration() && !mute.hasExpireTime()) {
            throw OlderServer.withoutEnd(
                    "the mute of finding " + id,
                    "Update the server, or mute it without --for, until somebody unmutes it.",
                    () -> UnmuteIssue.unmute(session, UUID.randomUUID().toString(), request.getActor(), target, id),
                    "caretaker issues unmute " + id + " --target " + target);
        }
        session.printer()
                .one(
                        mute,
                        page -> page.line("Finding " + mute.getFindingId() + " is muted "
                                + (mute.hasExpireTime() ? "until " + Human.instant(mute.getExpireTime()) : "for ever")
                                + "."));
    }
}
