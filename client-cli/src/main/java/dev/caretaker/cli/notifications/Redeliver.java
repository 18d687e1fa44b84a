package dev.caretaker.cli.notifications;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.RedeliverNotificationRequest;
import dev.caretaker.v1.RedeliverNotificationResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker notifications redeliver NOTIFICATION}. */
@Command(name = "redeliver", description = "Deliver again what was delivered or given up.")
public final class Redeliver implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "NOTIFICATION", description = "Id, as 'caretaker notifications list' shows it.")
    private String notification;

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description = "Only to this channel. Default: all that were told.")
    private String channel = "";

    @Mixin
    private MutationOptions mutation;

    public Redeliver(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        RedeliverNotificationResponse answer = session.connection()
                .notifications()
                .redeliverNotification(RedeliverNotificationRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setNotificationId(notification)
                        .setChannel(channel)
                        .build());
        session.printer()
                .many(
                        answer,
                        answer.getDeliveriesList(),
                        page -> DeliveryLines.print(answer.getDeliveriesList(), page));
    }
}
