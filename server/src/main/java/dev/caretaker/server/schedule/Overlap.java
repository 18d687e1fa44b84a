package dev.caretaker.server.schedule;

/** What happens when a schedule is due while its run before is still going at that target. */
public enum Overlap {
    SKIP,
    /** One waits for the end of the run; more are skipped. */
    QUEUE_ONE
}
