package dev.caretaker.cli.holds;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ListHoldsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker holds list}. */
@Command(name = "list", description = "List holds that are in force, newest first.")
public final class ListHolds implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only those that freeze something at this target.")
    private String target = "";

    @Option(names = "--all", description = "Those that have ended, too.")
    private boolean all;

    public ListHolds(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListHoldsResponse.Builder found = ListHoldsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .holds()
                        .listHolds(ListHoldsRequest.newBuilder()
                                .setTarget(target)
                                .setIncludeEnded(all)
                                .setPageToken(token)
                                .build()),
                ListHoldsResponse::getNextPageToken,
                page -> found.addAllHolds(page.getHoldsList()));
        session.printer().many(found.build(), found.getHoldsList(), page -> view(found, page));
    }

    private static void view(ListHoldsResponse.Builder found, Page page) {
        Table table = new Table("HOLD", "TARGET", "KINDS", "SINCE", "END", "BY", "REASON");
        for (Hold hold : found.getHoldsList()) {
            table.row(
                    hold.getHoldId(),
                    hold.getTarget().isEmpty() ? "all" : hold.getTarget(),
                    HoldText.kinds(hold),
                    Human.instant(hold.getStartTime()),
                    HoldText.end(hold),
                    Names.actor(hold.getSetBy()),
                    hold.getReason());
        }
        if (table.isEmpty()) {
            page.line("Nothing is on hold.");
        } else {
            page.table(table);
        }
    }
}
