package dev.caretaker.server.detect;

/** What the impact of a check's findings is measured in; in the order in which findings of one severity are shown. */
public enum ImpactUnit {
    BYTES,
    SECONDS,
    ROWS,
    NONE
}
