package dev.caretaker.server.config;

import java.util.Optional;

/**
 * The login that checks of operators run as, under {@code caretaker.checks.login}; the same at all targets.
 *
 * @param credentials empty if none is configured
 */
public record ChecksLogin(Optional<Credentials> credentials) {
    static final String KEY = "checks.login";

    /** No login. */
    public static final ChecksLogin NONE = new ChecksLogin(Optional.empty());
}
