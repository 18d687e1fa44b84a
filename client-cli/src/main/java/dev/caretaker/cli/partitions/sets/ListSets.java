package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.PartitionSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker partitions sets list}. */
@Command(name = "list", description = "List partition sets. With -o yaml as a file that can be applied again.")
public final class ListSets implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only sets of this target.")
    private String target = "";

    public ListSets(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListPartitionSetsResponse.Builder all = ListPartitionSetsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .partitions()
                        .listPartitionSets(ListPartitionSetsRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListPartitionSetsResponse::getNextPageToken,
                page -> all.addAllSets(page.getSetsList()));
        if (session.format() == Format.YAML) {
            session.environment().out().print(SetFile.write(all.getSetsList(), false));
        } else {
            session.printer().many(all.build(), all.getSetsList(), page -> view(all, page));
        }
    }

    private static void view(ListPartitionSetsResponse.Builder all, Page page) {
        Table table = new Table("NAME", "?TARGET", "TABLE", "GRID", "?>AHEAD", "KEEP", "?DEFAULT", "PAUSED");
        for (PartitionSet set : all.getSetsList()) {
            table.row(
                    set.getName(),
                    set.getTarget(),
                    Names.table(set.getTable()),
                    GridText.describe(set.getGrid()),
                    set.getAhead().getPartitions(),
                    RetirementText.describe(set.getRetirement()),
                    Names.words(set.getDefaultPartition(), "DEFAULT_PARTITION_"),
                    paused(set));
        }
        if (table.isEmpty()) {
            page.line("No partition sets. 'caretaker partitions sets suggest' reads one from a table.");
        } else {
            page.table(table);
        }
    }

    private static String paused(PartitionSet set) {
        if (set.getPauseCreation() && set.getPauseRetirement()) {
            return "both";
        }
        return set.getPauseCreation() ? "creation" : set.getPauseRetirement() ? "retirement" : "";
    }
}
