package dev.caretaker.server.run.engine;

/** Why a run, or one step of it, stops between two batches or statements, or in the middle of one. */
enum Halt {
    CANCEL,
    DEADLINE,
    SHUTDOWN,
    PAUSE,
    WINDOW,
    /** A window closed whose end ends the run. */
    CLOSED,
    /** The policy's row limit is used up, and rows are left: the step ends, the run goes on. */
    ROW_LIMIT;

    /** The whole run ends here and will not go on. */
    boolean isFinal() {
        return this == CANCEL || this == DEADLINE || this == CLOSED;
    }
}
