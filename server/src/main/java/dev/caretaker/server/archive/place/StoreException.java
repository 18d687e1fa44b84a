package dev.caretaker.server.archive.place;

import java.io.IOException;

/** A destination does not do what it was asked for. The message is a clause without its name. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
