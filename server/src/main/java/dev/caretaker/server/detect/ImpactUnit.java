package dev.caretaker.server.detect;

/** What the impact of a check's findings is measured in. */
public enum ImpactUnit {
    NONE,
    BYTES,
    SECONDS,
    ROWS
}
