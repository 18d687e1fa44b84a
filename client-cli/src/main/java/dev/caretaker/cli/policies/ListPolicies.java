package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.policies.file.FilterText;
import dev.caretaker.cli.policies.file.PolicyWriter;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker policies list}. */
@Command(name = "list", description = "List policies. With -o yaml as a file that can be applied again.")
public final class ListPolicies implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only policies of this target.")
    private String target = "";

    public ListPolicies(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListPoliciesResponse.Builder all = ListPoliciesResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .policies()
                        .listPolicies(ListPoliciesRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListPoliciesResponse::getNextPageToken,
                page -> all.addAllPolicies(page.getPoliciesList()));
        if (session.format() == Format.YAML) {
            session.environment().out().print(PolicyWriter.file(all.getPoliciesList(), false));
        } else {
            session.printer().many(all.build(), all.getPoliciesList(), page -> view(all, page));
        }
    }

    private static void view(ListPoliciesResponse.Builder all, Page page) {
        Table table = new Table("NAME", "TARGET", "TABLE", "?TIME COLUMN", "KEEP", "WHERE");
        for (Policy policy : all.getPoliciesList()) {
            table.row(
                    policy.getName(),
                    policy.getTarget(),
                    Names.table(policy.getTable()),
                    policy.getTimeColumn().getName(),
                    RetentionText.describe(policy.getRetention()),
                    FilterText.describe(policy.getFilter()));
        }
        if (table.isEmpty()) {
            page.line("No policies. 'caretaker policies apply --help' shows how to write one.");
        } else {
            page.table(table);
        }
    }
}
