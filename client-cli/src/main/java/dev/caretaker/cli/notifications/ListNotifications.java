package dev.caretaker.cli.notifications;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListDeliveriesResponse;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker notifications list}. */
@Command(name = "list", description = "List what was told, is to be told or could not be told, newest first.")
public final class ListNotifications implements Runnable {
    private final Session session;

    @Option(names = "--channel", paramLabel = "NAME", description = "Only to this channel.")
    private String channel = "";

    @Option(names = "--target", paramLabel = "NAME", description = "Only what concerns this target.")
    private String target = "";

    @Option(names = "--state", paramLabel = "STATE", description = "Only pending, delivered or dead.")
    private String state = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; default 100.")
    private int limit = 100;

    public ListNotifications(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListDeliveriesRequest.Builder request = ListDeliveriesRequest.newBuilder()
                .setChannel(channel)
                .setTarget(target)
                .setState(state())
                .setPageSize(limit);
        ListDeliveriesResponse.Builder found = ListDeliveriesResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .notifications()
                        .listDeliveries(request.setPageToken(token).build()),
                page -> found.getDeliveriesCount() + page.getDeliveriesCount() >= limit ? "" : page.getNextPageToken(),
                page -> found.addAllDeliveries(page.getDeliveriesList()));
        session.printer()
                .many(
                        found.build(),
                        found.getDeliveriesList(),
                        page -> DeliveryLines.print(found.getDeliveriesList(), page));
    }

    private DeliveryState state() {
        return switch (state.toLowerCase(Locale.ROOT)) {
            case "" -> DeliveryState.DELIVERY_STATE_UNSPECIFIED;
            case "pending" -> DeliveryState.DELIVERY_STATE_PENDING;
            case "delivered" -> DeliveryState.DELIVERY_STATE_DELIVERED;
            case "dead" -> DeliveryState.DELIVERY_STATE_DEAD;
            default -> throw CommandFailure.usage("--state: '" + state + "' is not pending, delivered or dead");
        };
    }
}
