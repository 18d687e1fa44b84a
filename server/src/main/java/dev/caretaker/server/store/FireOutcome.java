package dev.caretaker.server.store;

/** What became of a nominal time of a schedule. */
public enum FireOutcome {
    /** Nothing yet: it waits for the run before it, or for its target to come back. */
    WAITING,
    /** A run was started. */
    STARTED,
    /** A run was started, but late: no server was there at its time. */
    CAUGHT_UP,
    /** The run before it was still going. */
    SKIPPED_OVERLAP,
    /** A calendar excludes the day. */
    SKIPPED_CALENDAR,
    /** The schedule's window was closed. */
    SKIPPED_WINDOW,
    /** The schedule was paused. */
    SKIPPED_PAUSED,
    /** A hold was in force. */
    SKIPPED_HOLD,
    /** No server was there, and it was too late to catch up. */
    MISSED,
    /** The work could not be started. */
    REFUSED
}
