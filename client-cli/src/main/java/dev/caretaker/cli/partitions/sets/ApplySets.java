package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.file.ApplyOptions;
import dev.caretaker.cli.file.ApplyOptions.Warned;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPartitionSetsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caretaker partitions sets apply -f FILE}. */
@Command(name = "apply", description = "Create or replace partition sets from YAML or JSON files: all of them or none.")
public final class ApplySets implements Runnable {
    private final Session session;

    @Mixin
    private ApplyOptions options;

    @Mixin
    private MutationOptions mutation;

    public ApplySets(Session session) {
        this.session = session;
    }

    @Spec
    void explain(CommandSpec spec) {
        ApplyOptions.explain(spec, SetFile.EXAMPLE);
    }

    @Override
    public void run() {
        ApplyPartitionSetsRequest.Builder request = ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setValidateOnly(options.dryRun())
                .addAllSets(options.read(session.environment(), SetFile::read));
        ApplyPartitionSetsResponse answer = session.connection().partitions().applyPartitionSets(request.build());
        session.printer().many(answer, answer.getSetsList(), page -> view(answer, page));
    }

    private void view(ApplyPartitionSetsResponse answer, Page page) {
        Table table = new Table("SET", "TARGET", "TABLE", "NAMES", options.resultHeading());
        for (AppliedPartitionSet applied : answer.getSetsList()) {
            table.row(
                    applied.getSet().getName(),
                    applied.getSet().getTarget(),
                    Names.table(applied.getSet().getTable()),
                    applied.getSet().getNamePattern(),
                    Names.words(applied.getResult(), "APPLY_RESULT_"));
        }
        options.tell(
                page,
                table,
                answer.getSetsList().stream()
                        .map(applied -> new Warned(applied.getSet().getName(), applied.getWarningsList()))
                        .toList());
    }
}
