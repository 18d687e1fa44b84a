package dev.caretaker.cli.upkeep;

import dev.caretaker.cli.execute.PaceName;
import dev.caretaker.v1.Pace;
import picocli.CommandLine.Option;

/** How much a statement gives way to others. */
public final class PaceOption {
    @Option(
            names = "--pace",
            paramLabel = "PACE",
            order = 53,
            description =
                    "How much it gives way to others at the server: adaptive, fast or polite. Default: as configured.")
    private PaceName pace;

    public Pace toProto() {
        return pace == null ? Pace.PACE_UNSPECIFIED : pace.toProto();
    }
}
