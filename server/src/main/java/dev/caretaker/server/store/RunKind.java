package dev.caretaker.server.store;

/** What a run does. */
public enum RunKind {
    CLEANUP,
    VACUUM,
    REINDEX,
    ROUTINE,
    /** Changes partitions. */
    UPKEEP,
    /** Brings archived rows back. */
    RESTORE
}
