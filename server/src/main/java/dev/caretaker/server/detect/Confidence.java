package dev.caretaker.server.detect;

/** How sure a finding is, surest first. */
public enum Confidence {
    /** Read from the catalog. */
    CERTAIN,
    /** Computed from statistics. */
    ESTIMATED,
    /** A rule of thumb. */
    HEURISTIC
}
