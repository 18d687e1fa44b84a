package dev.caretaker.cli.runs;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.ListDebtsRequest;
import dev.caretaker.v1.ListDebtsResponse;
import dev.caretaker.v1.SettleDebtsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker runs debts}. */
@Command(
        name = "debts",
        description =
                "List what runs have left at targets and must not stay, such as an index half built. Servers settle it"
                        + " by themselves as soon as that is possible.")
public final class DebtsOfRuns implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", order = 1, description = "Only those at this target.")
    private String target = "";

    @Option(
            names = "--run",
            paramLabel = "RUN",
            order = 2,
            description = "Only those of this run: its id, or its beginning.")
    private String run = "";

    @Option(names = "--all", order = 3, description = "Those too that are settled.")
    private boolean all;

    @Option(
            names = "--settle",
            order = 4,
            description = "Have the servers try at once, because what kept them from it was mended. Requires --target.")
    private boolean settle;

    @Mixin
    private MutationOptions mutation;

    public DebtsOfRuns(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (settle) {
            hurry();
        }
        ListDebtsRequest.Builder request = ListDebtsRequest.newBuilder()
                .setTarget(target)
                .setRunId(run.isEmpty() ? "" : RunArgument.whole(session, run))
                .setIncludeSettled(all);
        ListDebtsResponse.Builder found = ListDebtsResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .runs()
                        .listDebts(request.setPageToken(token).build()),
                ListDebtsResponse::getNextPageToken,
                page -> found.addAllDebts(page.getDebtsList()));
        session.printer().many(found.build(), found.getDebtsList(), page -> show(found.getDebtsList(), page));
    }

    private void hurry() {
        if (target.isEmpty()) {
            throw CommandFailure.usage("--settle needs --target");
        }
        session.connection()
                .runs()
                .settleDebts(SettleDebtsRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setTarget(target)
                        .build());
    }

    private void show(List<Debt> debts, Page page) {
        if (debts.isEmpty()) {
            page.line(Style.GOOD, "Runs have left nothing" + (target.isEmpty() ? "." : " at " + target + "."));
            return;
        }
        Table table = new Table("SINCE", "TARGET", "OBJECT", "KIND", "STATE", "?>ATTEMPTS", "RUN");
        for (Debt debt : debts) {
            table.row(
                    Human.instant(debt.getIncurTime()),
                    debt.getTarget(),
                    Names.table(debt.getObject()),
                    debt.getKind(),
                    debt.hasSettleTime() ? "settled" : "open",
                    Human.count(debt.getAttempts()),
                    debt.getRunId());
        }
        page.table(table);
        for (Debt debt : debts) {
            page.paragraph("  ", Style.PLAIN, debt.getMessage());
            if (!debt.getAnswer().isEmpty()) {
                page.paragraph("  ", debt.hasSettleTime() ? Style.GOOD : Style.CAREFUL, debt.getAnswer());
            }
        }
    }
}
