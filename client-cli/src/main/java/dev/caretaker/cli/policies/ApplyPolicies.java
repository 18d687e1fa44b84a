package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.Reading;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.policies.file.PolicyFile;
import dev.caretaker.v1.AppliedPolicy;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyPoliciesResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "File to read, - for standard input. May be given several times.")
    private List<String> files;

    @Option(names = "--dry-run", description = "Check against the database's catalog, but store nothing.")
    private boolean dryRun;

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
        spec.usageMessage()
                .footer(("\nA file looks like this:\n\n" + PolicyFileExample.TEXT)
                        .replace("%", "%%")
                        .split("\n"));
    }

    @Override
    public void run() {
        ApplyPoliciesRequest.Builder request = ApplyPoliciesRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setValidateOnly(dryRun);
        if (!targets.isEmpty() && !prune) {
            throw CommandFailure.usage("--target goes with --prune; the target of a policy stands in its file");
        }
        for (String file : files) {
            String name = file.equals("-") ? "standard input" : file;
            request.addAllPolicies(PolicyFile.read(name, read(file), !targets.isEmpty()));
        }
        if (prune) {
            Set<String> pruned = new LinkedHashSet<>(targets);
            request.getPoliciesList().forEach(policy -> pruned.add(policy.getTarget()));
            request.addAllPruneTargets(pruned);
        }
        ApplyPoliciesResponse answer = session.connection().policies().applyPolicies(request.build());
        session.printer().many(answer, answer.getPoliciesList(), page -> view(answer, page));
    }

    private String read(String file) {
        try {
            return file.equals("-")
                    ? new String(session.environment().in().readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.USAGE, file + " does not exist", e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + Reading.why(e), e);
        }
    }

    private void view(ApplyPoliciesResponse answer, Page page) {
        Table table = new Table("POLICY", "TARGET", "TABLE", dryRun ? "WOULD BE" : "RESULT");
        for (AppliedPolicy applied : answer.getPoliciesList()) {
            table.row(
                    applied.getPolicy().getName(),
                    applied.getPolicy().getTarget(),
                    Names.table(applied.getPolicy().getTable()),
                    Names.words(applied.getResult(), "APPLY_RESULT_"));
        }
        page.table(table);
        for (AppliedPolicy applied : answer.getPoliciesList()) {
            for (String warning : applied.getWarningsList()) {
                page.paragraph(
                        "", Style.CAREFUL, "warning: " + applied.getPolicy().getName() + ": " + warning);
            }
        }
        if (dryRun) {
            page.line(Style.DIM, "Nothing was stored.");
        }
    }
}
