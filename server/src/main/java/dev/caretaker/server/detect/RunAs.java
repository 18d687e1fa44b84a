package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.config.ChecksLogin;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/** As whom checks of operators run: its rights are what keeps them in. */
sealed interface RunAs {

    /** A login of its own: whatever the statement does, its session never had other rights. */
    record Login(Credentials credentials) implements RunAs {
        @Override
        public String name() {
            return credentials.user().orElseThrow();
        }
    }

    /** A role that Caretaker's own session puts on; what would take it off is refused by name. */
    record Role(String name) implements RunAs {}

    /** The role's name. */
    String name();

    /** What the configuration says; empty if nothing. */
    static Optional<RunAs> of(ChecksConfig config, ChecksLogin login) {
        Optional<RunAs> own = login.credentials().map(Login::new);
        Optional<RunAs> worn = config.role().map(Role::new);
        if (own.isPresent() && worn.isPresent()) {
            throw new ConfigException("caretaker.checks.role", "give either a role or a login");
        }
        return own.or(() -> worn);
    }

    /** Why it would not hold on this connection; empty if it does. */
    default Optional<String> gap(Connection connection) throws SQLException {
        // By the simple protocol one text may hold several statements.
        if (connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE) {
            return Optional.of(
                    "checks of operators need the extended protocol; the target's preferQueryMode is simple");
        }
        if (this instanceof Login) {
            String user = Sql.of("SELECT session_user").one(connection, row -> row.getString(1));
            if (!user.equals(name())) {
                return Optional.of(
                        "the login of the checks should be " + name() + ", but the URL of the target makes it " + user);
            }
        }
        boolean mighty = Sql.of("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = ?", name())
                .first(connection, row -> row.getBoolean(1))
                .orElse(false);
        return mighty
                ? Optional.of(name() + " is a superuser; name a role with no more rights than the checks need")
                : Optional.empty();
    }
}
