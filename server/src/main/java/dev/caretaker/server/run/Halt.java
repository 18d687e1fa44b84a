package dev.caretaker.server.run;

/** Why a run stops between two batches or statements, or in the middle of one. */
enum Halt {
    CANCEL,
    DEADLINE,
    ROW_LIMIT,
    SHUTDOWN,
    PAUSE,
    WINDOW;

    /** What runs ends here and will not go on: the whole run, or at its row limit all steps of the policy. */
    boolean isFinal() {
        return this == CANCEL || this == DEADLINE || this == ROW_LIMIT;
    }
}
