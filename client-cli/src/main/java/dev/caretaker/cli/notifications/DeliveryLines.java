package dev.caretaker.cli.notifications;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Delivery;
import java.util.List;

/** Deliveries as a table. */
final class DeliveryLines {
    private DeliveryLines() {}

    static void print(List<Delivery> deliveries, Page page) {
        Table table = new Table("NOTIFICATION", "TIME", "EVENT", "SEVERITY", "CHANNEL", "STATE", "SUMMARY");
        for (Delivery delivery : deliveries) {
            table.row(
                    delivery.getNotificationId(),
                    Human.instant(delivery.getOccurTime()),
                    delivery.getEvent(),
                    Names.words(delivery.getSeverity(), "NOTIFICATION_SEVERITY_"),
                    delivery.getChannel(),
                    state(delivery),
                    delivery.getSummary());
        }
        if (table.isEmpty()) {
            page.line("There are none.");
        } else {
            page.table(table);
        }
    }

    /** {@code dead after 8: the answer is 500}. */
    private static String state(Delivery delivery) {
        String state = Names.words(delivery.getState(), "DELIVERY_STATE_");
        return delivery.getError().isEmpty()
                ? state
                : state + " after " + delivery.getAttempts() + ": " + delivery.getError();
    }
}
