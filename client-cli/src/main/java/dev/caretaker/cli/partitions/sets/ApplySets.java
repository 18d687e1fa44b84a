package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPartitionSetsResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caretaker partitions sets apply -f FILE}. */
@Command(name = "apply", description = "Create or replace partition sets from YAML or JSON files: all of them or none.")
public final class ApplySets implements Runnable {
    private final Session session;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "File to read, - for standard input. May be given several times.")
    private List<String> files;

    @Option(names = "--dry-run", description = "Check against the database's catalog, but store nothing.")
    private boolean dryRun;

    @Mixin
    private MutationOptions mutation;

    public ApplySets(Session session) {
        this.session = session;
    }

    @Spec
    void explain(CommandSpec spec) {
        spec.usageMessage()
                .footer(("\nA file looks like this:\n\n" + SetFile.EXAMPLE)
                        .replace("%", "%%")
                        .split("\n"));
    }

    @Override
    public void run() {
        ApplyPartitionSetsRequest.Builder request = ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setValidateOnly(dryRun);
        for (String file : files) {
            String name = file.equals("-") ? "standard input" : file;
            request.addAllSets(SetFile.read(name, SetFiles.text(session.environment(), file)));
        }
        ApplyPartitionSetsResponse answer = session.connection().partitions().applyPartitionSets(request.build());
        session.printer().many(answer, answer.getSetsList(), page -> view(answer, page));
    }

    private void view(ApplyPartitionSetsResponse answer, Page page) {
        Table table = new Table("SET", "TARGET", "TABLE", "NAMES", dryRun ? "WOULD BE" : "RESULT");
        for (AppliedPartitionSet applied : answer.getSetsList()) {
            table.row(
                    applied.getSet().getName(),
                    applied.getSet().getTarget(),
                    Names.table(applied.getSet().getTable()),
                    applied.getSet().getNamePattern(),
                    Names.words(applied.getResult(), "APPLY_RESULT_"));
        }
        page.table(table);
        for (AppliedPartitionSet applied : answer.getSetsList()) {
            for (String warning : applied.getWarningsList()) {
                page.paragraph("", Style.CAREFUL, "warning: " + applied.getSet().getName() + ": " + warning);
            }
        }
        if (dryRun) {
            page.line(Style.DIM, "Nothing was stored.");
        }
    }
}
