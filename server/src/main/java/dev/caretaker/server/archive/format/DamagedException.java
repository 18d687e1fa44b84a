package dev.caretaker.server.archive.format;

import java.io.IOException;

/** What was read is not what was written. The message is a clause. */
public final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedException(String message) {
        super(message);
    }

    public DamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
