package dev.caretaker.server.store;

/** Where a run stands, as observed by the engine. */
public enum RunState {
    QUEUED,
    WAITING_WINDOW,
    WAITING_LOCK,
    RUNNING,
    THROTTLED,
    PAUSED,
    CANCELLING,
    ENDED;

    /** Nothing will happen any more. */
    public boolean isTerminal() {
        return this == ENDED;
    }

    /** A server works on the run, or waits between two batches. */
    public boolean isActive() {
        return this == RUNNING || this == THROTTLED || this == CANCELLING;
    }
}
