package dev.caretaker.server.cleanup.plan;

/** How a partition lies to a cutoff, by its bounds. */
public enum Position {
    /** No row in it can be older than the cutoff. */
    YOUNG,
    /** Every row in it is older than the cutoff. */
    OLD,
    /** Its bounds do not decide. */
    MIXED
}
