package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.file.ApplyOptions;
import dev.caretaker.cli.file.ApplyOptions.Warned;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.policies.file.PolicyFile;
import dev.caretaker.v1.AppliedPolicy;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyPoliciesResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caretaker policies apply -f FILE}. */
@Command(name = "apply", description = "Create or replace policies from YAML or JSON files: all of them or none.")
public final class ApplyPolicies implements Runnable {
    private final Session session;

    @Mixin
    private ApplyOptions options;

    @Option(
            names = "--prune",
            description =
                    "Also remove the policies of the files' targets that the files no longer have. With --dry-run it"
                            + " only tells which.")
    private boolean prune;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description =
                    "With --prune: a target that the files have no policy of any more. May be given several times.")
    private List<String> targets = List.of();

    @Mixin
    private MutationOptions mutation;

    public ApplyPolicies(Session session) {
        this.session = session;
    }

    @Spec
    void explain(CommandSpec spec) {
        ApplyOptions.explain(spec, PolicyFileExample.TEXT);
    }

    @Override
    public void run() {
        ApplyPoliciesRequest.Builder request = ApplyPoliciesRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setValidateOnly(options.dryRun());
        if (!targets.isEmpty() && !prune) {
            throw CommandFailure.usage("--target goes with --prune; the target of a policy stands in its file");
        }
        boolean mayBeEmpty = !targets.isEmpty();
        request.addAllPolicies(options.read(session.environment(), file -> PolicyFile.read(file, mayBeEmpty)));
        if (prune) {
            Set<String> pruned = new LinkedHashSet<>(targets);
            request.getPoliciesList().forEach(policy -> pruned.add(policy.getTarget()));
            request.addAllPruneTargets(pruned);
        }
        ApplyPoliciesResponse answer = session.connection().policies().applyPolicies(request.build());
        session.printer().many(answer, answer.getPoliciesList(), page -> view(answer, page));
    }

    private void view(ApplyPoliciesResponse answer, Page page) {
        Table table = new Table("POLICY", "TARGET", "TABLE", options.resultHeading());
        for (AppliedPolicy applied : answer.getPoliciesList()) {
            table.row(
                    applied.getPolicy().getName(),
                    applied.getPolicy().getTarget(),
                    Names.table(applied.getPolicy().getTable()),
                    Names.words(applied.getResult(), "APPLY_RESULT_"));
        }
        options.tell(
                page,
                table,
                answer.getPoliciesList().stream()
                        .map(applied -> new Warned(applied.getPolicy().getName(), applied.getWarningsList()))
                        .toList());
    }
}
