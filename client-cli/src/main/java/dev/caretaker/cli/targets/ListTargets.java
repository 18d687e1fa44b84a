package dev.caretaker.cli.targets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.Target;
import picocli.CommandLine.Command;

/** {@code caretaker targets list}. */
@Command(name = "list", description = "List the databases that are looked after.")
public final class ListTargets implements Runnable {
    private final Session session;

    public ListTargets(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListTargetsResponse all = TargetList.read(session);
        session.printer().many(all, all.getTargetsList(), page -> view(all, page));
    }

    private static void view(ListTargetsResponse all, Page page) {
        Table table = new Table("NAME", "PRIMARY", "REPLICA", "SCHEMAS");
        for (Target target : all.getTargetsList()) {
            String schemas = String.join(", ", target.getSchemasList());
            table.row(target.getName(), target.getPrimary(), target.getReplica(), schemas.isEmpty() ? "all" : schemas);
        }
        if (table.isEmpty()) {
            page.line("No targets. They are named in the server's configuration.");
        } else {
            page.table(table);
        }
    }
}
