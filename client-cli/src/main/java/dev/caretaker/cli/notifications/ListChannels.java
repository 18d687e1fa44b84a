package dev.caretaker.cli.notifications;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListChannelsResponse;
import picocli.CommandLine.Command;

/** {@code caretaker notifications channels}. */
@Command(name = "channels", description = "List where people and programs are told.")
public final class ListChannels implements Runnable {
    private final Session session;

    public ListChannels(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListChannelsResponse.Builder found = ListChannelsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .notifications()
                        .listChannels(ListChannelsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListChannelsResponse::getNextPageToken,
                page -> found.addAllChannels(page.getChannelsList()));
        session.printer().many(found.build(), found.getChannelsList(), page -> view(found, page));
    }

    private static void view(ListChannelsResponse.Builder found, Page page) {
        Table table = new Table("CHANNEL", "KIND", "RULES", "PENDING", "DEAD");
        for (Channel channel : found.getChannelsList()) {
            table.row(
                    channel.getName(),
                    Names.words(channel.getKind(), "CHANNEL_KIND_"),
                    String.join(", ", channel.getRulesList()),
                    Long.toString(channel.getPending()),
                    Long.toString(channel.getDead()));
        }
        if (table.isEmpty()) {
            page.line("The configuration has no channels.");
        } else {
            page.table(table);
        }
        found.getChannelsList().stream()
                .filter(Channel::hasStopTime)
                .forEach(channel -> page.line(channel.getName() + " is stopped since "
                        + Human.instant(channel.getStopTime()) + ": " + channel.getStopReason()
                        + ". What is told to it waits until \"caretaker notifications test " + channel.getName()
                        + "\" arrives."));
    }
}
