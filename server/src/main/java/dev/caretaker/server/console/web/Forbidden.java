package dev.caretaker.server.console.web;

/** A form that may not be sent so. */
final class Forbidden extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence or two */
    Forbidden(String message) {
        super(message);
    }
}
