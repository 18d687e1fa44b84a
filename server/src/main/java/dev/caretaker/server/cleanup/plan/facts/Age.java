package dev.caretaker.server.cleanup.plan.facts;

/** How old the rows of a partition are beside a cutoff, by its bounds. */
public enum Age {
    /** No row in it can be older than the cutoff. */
    YOUNG,
    /** Every row in it is older than the cutoff. */
    OLD,
    /** Its bounds do not decide. */
    MIXED
}
