package dev.caretaker.cli.launcher;

import dev.caretaker.cli.error.CommandFailure;

/** A command that the launcher at the root of the checkout runs; listed here so that it is found. */
public record LauncherCommand(String name) implements Runnable {
    @Override
    public void run() {
        throw CommandFailure.usage("'" + name + "' is not part of the client: run ./caretaker " + name
                + " (the command comes first, its options after it)");
    }
}
