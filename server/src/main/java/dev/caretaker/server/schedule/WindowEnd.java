package dev.caretaker.server.schedule;

/** What becomes of the run of a schedule when the schedule's window closes. */
public enum WindowEnd {
    /** It waits at its next batch or statement, and goes on when the window opens again. */
    PAUSE,
    /** It ends, with outcome DEADLINE. */
    STOP,
    /** It goes on. */
    FINISH
}
