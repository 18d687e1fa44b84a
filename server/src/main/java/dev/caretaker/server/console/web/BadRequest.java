package dev.caretaker.server.console.web;

/** What a browser sent makes no sense; forms of the console send no such thing. */
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence */
    public BadRequest(String message) {
        super(message);
    }
}
