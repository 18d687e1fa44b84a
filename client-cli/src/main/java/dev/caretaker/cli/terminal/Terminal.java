package dev.caretaker.cli.terminal;

/** What a person sees and types on, if there is one. */
public interface Terminal {
    /** Whether standard input is a terminal, so that a question can be asked. */
    boolean isInteractive();

    /** Whether standard output is a terminal, so that colours and redrawing make sense. */
    boolean isDisplay();

    /** Width in columns; {@value ProcessTerminal#DEFAULT_COLUMNS} if unknown. */
    int columns();
}
