package dev.caretaker.cli.runs;

import picocli.CommandLine.Option;

/** Why something is asked of a run. */
public final class ReasonOption {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever looks at the run.")
    private String reason = "";

    /** Empty if it was not said. */
    public String reason() {
        return reason;
    }
}
