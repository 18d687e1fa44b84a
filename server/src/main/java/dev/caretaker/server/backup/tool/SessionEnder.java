package dev.caretaker.server.backup.tool;

import dev.caretaker.server.backup.tool.ToolCommand.Sessions;

/** Ends what a program that is gone has left at a target. */
interface SessionEnder {

    /** Ends sessions. True if none is left; false if nobody knows, so that it must be tried again. */
    boolean end(Sessions sessions);
}
