package dev.caretaker.cli.reindex;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CleanReindexLeftoversRequest;
import dev.caretaker.v1.CleanReindexLeftoversResponse;
import dev.caretaker.v1.ReindexLeftover;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker reindex leftovers}. */
@Command(
        name = "leftovers",
        description = "List the invalid indexes that interrupted concurrent builds left behind, or drop them.")
public final class LeftoversCommand implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, order = 1, description = "The target.")
    private String target;

    @Option(
            names = "--drop",
            order = 2,
            description = "Drop them concurrently, except where a build is going on. Default: only list them.")
    private boolean drop;

    @Mixin
    private MutationOptions mutation;

    public LeftoversCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        CleanReindexLeftoversRequest request = CleanReindexLeftoversRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setTarget(target)
                .setDrop(drop)
                .build();
        CleanReindexLeftoversResponse found = session.connection().maintenance().cleanReindexLeftovers(request);
        session.printer().many(found, found.getLeftoversList(), page -> show(found, page));
    }

    private void show(CleanReindexLeftoversResponse found, Page page) {
        if (found.getLeftoversCount() == 0) {
            page.line(Style.GOOD, "No leftovers at " + target + ".");
            return;
        }
        Table table = new Table("INDEX", "TABLE", ">SIZE", "STATE");
        for (ReindexLeftover leftover : found.getLeftoversList()) {
            String state = leftover.getDropped()
                    ? "dropped"
                    : leftover.getReason().isEmpty() ? "there" : "stays: " + leftover.getReason();
            table.row(
                    Names.table(leftover.getIndex()),
                    Names.table(leftover.getTable()),
                    Human.bytes(leftover.getBytes()),
                    state);
        }
        page.table(table);
    }
}
