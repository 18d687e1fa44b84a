package dev.caretaker.cli.connect;

import dev.caretaker.cli.terminal.Environment;
import picocli.CommandLine.Option;

/** Who asks. The server trusts the name only where the connection is not authenticated. */
public final class ActorOption {
    @Option(
            names = "--actor",
            paramLabel = "NAME",
            order = 80,
            description = "Who asks. Default: CARETAKER_ACTOR, else the user of the operating system.")
    private String actor;

    public String name(Environment environment) {
        return actor != null ? actor : environment.variable("CARETAKER_ACTOR").orElse(environment.userName());
    }
}
