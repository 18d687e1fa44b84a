package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.file.EditableFile;
import dev.caretaker.cli.policies.file.PolicyWriter;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.Policy;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker policies show NAME}. */
@Command(
        name = "show",
        description = {
            "Show one policy as a file that can be edited and applied again.",
            "Its etag makes apply refuse if somebody changed the policy meanwhile; without that line it replaces."
        })
public final class ShowPolicy implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "POLICY", description = "Its name, or TARGET/NAME where several targets have one.")
    private String name;

    @Option(names = "--target", paramLabel = "NAME", description = "The policy's target.")
    private String target = "";

    public ShowPolicy(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PolicyName wanted = PolicyName.of(name, target);
        GetPolicyRequest request = GetPolicyRequest.newBuilder()
                .setTarget(wanted.target())
                .setName(wanted.name())
                .build();
        Policy policy = session.connection().policies().getPolicy(request).getPolicy();
        EditableFile.print(session, policy, PolicyWriter.file(List.of(policy), true), page -> {
            if (policy.hasUpdateTime()) {
                EditableFile.changed(page, policy.getUpdateTime(), policy.getUpdatedBy());
            }
        });
    }
}
