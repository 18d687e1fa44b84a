package dev.caretaker.cli.connect;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.terminal.Environment;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that changes something: who asks, and under which request id. */
public final class MutationOptions {
    @Mixin
    private ActorOption actor;

    @Option(
            names = "--request-id",
            paramLabel = "UUID",
            order = 81,
            description = "Repeat a request safely: the same id never acts twice. Default: a new one.")
    private String requestId;

    /** Name to send; the server trusts it only where the connection is not authenticated. */
    public String actor(Environment environment) {
        return actor.name(environment);
    }

    /** The same id at every call. */
    public String requestId() {
        if (requestId == null) {
            requestId = UUID.randomUUID().toString();
        } else if (!requestId.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw CommandFailure.usage("--request-id: '" + requestId + "' is not a UUID");
        }
        return requestId;
    }
}
