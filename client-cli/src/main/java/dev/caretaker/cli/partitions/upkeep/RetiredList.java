package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.partitions.Bounds;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.ListRetiredResponse;
import dev.caretaker.v1.RetiredPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker partitions retired list}. */
@Command(name = "list", description = "List partitions that upkeep detached: space you will get back.")
public final class RetiredList implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only partitions of this target.")
    private String target = "";

    @Option(names = "--set", paramLabel = "NAME", description = "Only partitions of this set.")
    private String set = "";

    @Option(names = "--all", description = "Also those that were dropped or attached again.")
    private boolean all;

    public RetiredList(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListRetiredResponse.Builder answer = ListRetiredResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .partitions()
                        .listRetired(ListRetiredRequest.newBuilder()
                                .setTarget(target)
                                .setSet(set)
                                .setIncludeEnded(all)
                                .setPageToken(token)
                                .build()),
                ListRetiredResponse::getNextPageToken,
                page -> answer.addAllPartitions(page.getPartitionsList()));
        session.printer().many(answer.build(), answer.getPartitionsList(), page -> view(answer, page));
    }

    private void view(ListRetiredResponse.Builder answer, Page page) {
        Table table = new Table("PARTITION", "?TARGET", "?SET", all ? "STATE" : "?STATE", "UNTIL", "BOUNDS", ">SIZE");
        for (RetiredPartition partition : answer.getPartitionsList()) {
            table.row(
                    Names.table(partition.getPartition()),
                    partition.getTarget(),
                    partition.getSet(),
                    Names.words(partition.getState(), "RETIRED_STATE_"),
                    partition.hasEndTime()
                            ? Human.instant(partition.getEndTime())
                            : partition.hasHeldUntil() ? Human.instant(partition.getHeldUntil()) : "stays",
                    Bounds.text(partition.getRange()),
                    Human.bytes(partition.getBytes()));
        }
        if (table.isEmpty()) {
            page.line("No retired partitions.");
        } else {
            page.table(table);
        }
    }
}
