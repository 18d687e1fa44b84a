package dev.caretaker.cli.notifications;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Gathering;
import dev.caretaker.v1.GetNotificationRequest;
import dev.caretaker.v1.Notification;
import dev.caretaker.v1.NotificationPart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker notifications show NOTIFICATION}. */
@Command(name = "show", description = "Show a notification, who is told of it, and the events that it tells of.")
public final class ShowNotification implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "NOTIFICATION", description = "Id, as 'caretaker notifications list' shows it.")
    private String notification;

    public ShowNotification(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Notification found = session.connection()
                .notifications()
                .getNotification(GetNotificationRequest.newBuilder()
                        .setNotificationId(notification)
                        .build())
                .getNotification();
        session.printer().one(found, page -> view(found, page));
    }

    private static void view(Notification found, Page page) {
        page.line(found.getSummary())
                .pair("event", found.getEvent())
                .pair("severity", Names.words(found.getSeverity(), "NOTIFICATION_SEVERITY_"))
                .pair("target", found.getTarget())
                .pair("topic", found.getTopic())
                .pair("time", Human.instant(found.getOccurTime()));
        found.getStillList().forEach(line -> page.pair("still", line));
        if (found.getDeliveriesCount() > 0) {
            page.heading("Deliveries");
            DeliveryLines.print(found.getDeliveriesList(), page);
        }
        if (found.getGatheringsCount() > 0) {
            page.heading("Told with others");
            Table table = new Table("CHANNEL", "RULE", "MESSAGE");
            for (Gathering one : found.getGatheringsList()) {
                table.row(
                        one.getChannel(),
                        one.getRule(),
                        one.getMessageId().isEmpty() ? "still to come" : one.getMessageId());
            }
            page.table(table);
        }
        if (found.getPartsCount() > 0) {
            page.heading("Events");
            parts(found, page);
        }
    }

    private static void parts(Notification found, Page page) {
        Table table = new Table("TIME", "EVENT", "SEVERITY", "TARGET", "SUMMARY");
        for (NotificationPart part : found.getPartsList()) {
            table.row(
                    Human.instant(part.getOccurTime()),
                    part.getEvent(),
                    Names.words(part.getSeverity(), "NOTIFICATION_SEVERITY_"),
                    part.getTarget(),
                    part.getSummary());
        }
        page.table(table);
        if (found.getPartsLeftOut() > 0) {
            page.line("and " + found.getPartsLeftOut() + " more");
        }
    }
}
