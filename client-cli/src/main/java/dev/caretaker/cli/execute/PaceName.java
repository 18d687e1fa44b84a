package dev.caretaker.cli.execute;

import dev.caretaker.v1.Pace;

/** As written on the command line. */
public enum PaceName {
    ADAPTIVE(Pace.PACE_ADAPTIVE),
    FAST(Pace.PACE_FAST),
    POLITE(Pace.PACE_POLITE);

    private final Pace pace;

    PaceName(Pace pace) {
        this.pace = pace;
    }

    public Pace toProto() {
        return pace;
    }
}
