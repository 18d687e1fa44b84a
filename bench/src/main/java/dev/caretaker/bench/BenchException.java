package dev.caretaker.bench;

/** The benchmark cannot go on; the message says why in one line. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
