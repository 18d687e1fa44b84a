package dev.caretaker.server.store;

/** What was asked of a run. CANCELLED is for good. */
public enum DesiredState {
    RUNNING,
    PAUSED,
    CANCELLED
}
