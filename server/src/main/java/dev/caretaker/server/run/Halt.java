package dev.caretaker.server.run;

/** Why a run stops between two batches or statements, or in the middle of one. */
enum Halt {
    CANCEL,
    DEADLINE,
    ROW_LIMIT,
    SHUTDOWN,
    PAUSE,
    WINDOW;

    /** The run ends here and will not go on. */
    boolean isFinal() {
        return this == CANCEL || this == DEADLINE || this == ROW_LIMIT;
    }
}
