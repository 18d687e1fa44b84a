package dev.caretaker.server.config;

import java.util.Optional;

/**
 * How to log in to a Postgres. Without a password the driver looks into the password file ({@code ~/.pgpass}, or what
 * {@code PGPASSFILE} names), and certificates or trust may do without one.
 */
public record Credentials(Optional<String> user, Optional<Secret> password) {

    public static Credentials of(String user, String password) {
        return new Credentials(
                Optional.of(user), password.isEmpty() ? Optional.empty() : Optional.of(new Secret.Text(password)));
    }
}
