package dev.caretaker.cli;

import dev.caretaker.cli.error.CommandFailure;

/** A command that does nothing without one of its subcommands. */
record CommandGroup(String name) implements Runnable {
    @Override
    public void run() {
        throw CommandFailure.usage(
                "which of the commands of '" + name + "'? 'caretaker " + name + " --help' lists them");
    }
}
