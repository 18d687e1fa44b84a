package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.file.EditableFile;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.policies.file.SuggestedFile;
import dev.caretaker.v1.SuggestPolicyRequest;
import dev.caretaker.v1.SuggestPolicyResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker policies init TABLE}. */
@Command(
        name = "init",
        description = {
            "Look at a table and print a policy for it, to be corrected and applied. Nothing is stored:",
            "caretaker policies init --target shop jobs > jobs.yaml"
        })
public final class InitPolicy implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "TABLE", description = "NAME, SCHEMA.NAME, or quoted as in SQL.")
    private String table;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    public InitPolicy(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        SuggestPolicyResponse suggested = session.connection()
                .policies()
                .suggestPolicy(SuggestPolicyRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableNames.parse(table))
                        .build());
        EditableFile.print(session, suggested, SuggestedFile.write(suggested), page -> {});
    }
}
