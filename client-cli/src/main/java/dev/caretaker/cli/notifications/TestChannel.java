package dev.caretaker.cli.notifications;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.TestChannelRequest;
import dev.caretaker.v1.TestChannelResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caretaker notifications test CHANNEL}. */
@Command(name = "test", description = "Send a test through a channel.")
public final class TestChannel implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "CHANNEL", description = "As 'caretaker notifications channels' shows it.")
    private String channel;

    @Mixin
    private MutationOptions mutation;

    public TestChannel(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        TestChannelResponse sent = session.connection()
                .notifications()
                .testChannel(TestChannelRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setChannel(channel)
                        .build());
        session.printer()
                .one(
                        sent,
                        page -> page.line(
                                "Test " + sent.getNotificationId() + " is on its way; 'caretaker notifications list"
                                        + " --channel " + channel + "' tells what becomes of it."));
    }
}
