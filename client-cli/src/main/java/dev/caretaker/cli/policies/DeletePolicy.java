package dev.caretaker.cli.policies;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker policies delete NAME}. */
@Command(
        name = "delete",
        description =
                "Remove a policy (no rows). Plans made from it can no longer be executed; -o yaml or json prints it.")
public final class DeletePolicy implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "POLICY", description = "Its name, or TARGET/NAME where several targets have one.")
    private String name;

    @Option(names = "--target", paramLabel = "NAME", description = "The policy's target.")
    private String target = "";

    @Option(names = "--etag", paramLabel = "ETAG", description = "Refuse if the policy is no longer this version.")
    private String etag = "";

    @Mixin
    private MutationOptions mutation;

    public DeletePolicy(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PolicyName wanted = PolicyName.of(name, target);
        DeletePolicyRequest request = DeletePolicyRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setTarget(wanted.target())
                .setName(wanted.name())
                .setEtag(etag)
                .build();
        Policy deleted = session.connection().policies().deletePolicy(request).getPolicy();
        session.printer().one(deleted, page -> page.line("Policy " + deleted.getName() + " is deleted."));
    }
}
