package dev.caretaker.server.backup;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A login of a scratch server as which a backup is restored and compared. Statements and functions of a backup run with its rights,
 * and may be anybody's who could make a function in the database that was copied. So it is no superuser, and no member of a
 * predefined role that leads to files or programs of the machine. It owns the scratch database, and is a member of all roles that
 * the backup names, which are made up for: so it can give them what it has made, and still work on that.
 *
 * <p>Superusers own things in most databases, and may do what nobody has granted them. The roles that are made up for have that
 * only among what the login makes: by a group with all rights on it, whose name is random, so that no REVOKE of the backup is about it.
 *
 * @see <a href="https://www.postgresql.org/docs/current/predefined-roles.html">Predefined roles</a>
 */
final class ConfinedLogin {
    private static final int BYTES = 20;
    private static final String RESERVED = "pg_";

    private final String name = "caretaker_restore_" + random();
    private final String group = "caretaker_owners_" + random();
    private final String password = random();

    private static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    Credentials credentials() {
        return Credentials.of(name, password);
    }

    /** The role, quoted. */
    String role() {
        return Identifiers.quote(name);
    }

    /** The group of all that may own something, quoted. */
    String owners() {
        return Identifiers.quote(group);
    }

    /**
     * Roles that a backup names.
     *
     * @param made names of those that were made up for
     * @param unmade those that nobody can make there
     */
    record Roles(Set<String> made, List<Unmade> unmade) {
        Optional<String> note() {
            return made.isEmpty()
                    ? Optional.empty()
                    : Optional.of("Roles that were made up for there, without login: " + String.join(", ", made) + ".");
        }
    }

    /**
     * Makes it and the roles that a backup names, and gives it the database.
     *
     * @param connection of the superuser
     */
    Roles make(Connection connection, Set<String> roles, String database) throws SQLException {
        String nothing = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION INHERIT ";
        Sql.of("CREATE ROLE " + owners() + nothing + "NOLOGIN").execute(connection);
        // Without BYPASSRLS policies would hide rows of tables that were given away, and of those that superusers'
        // views read.
        Sql.of("CREATE ROLE " + role() + nothing + "BYPASSRLS LOGIN PASSWORD '" + password + "'")
                .execute(connection);
        Roles made = makeUp(connection, roles);
        Sql.of("GRANT " + owners() + " TO " + role()).execute(connection);
        String quoted = Identifiers.quote(database);
        Sql.of("ALTER DATABASE " + quoted + " OWNER TO " + role()).execute(connection);
        Sql.of("GRANT ALL ON DATABASE " + quoted + " TO " + owners()).execute(connection);
        Sql.of("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC").execute(connection);
        return made;
    }

    /**
     * Those that are there are roles of the server itself, of which it must not be a member. One with a name of that kind that this build
     * does not know, such as a provider has added to its own, can be made by nobody.
     */
    private Roles makeUp(Connection connection, Set<String> roles) throws SQLException {
        Set<String> here = new HashSet<>(
                Sql.of("SELECT rolname FROM pg_catalog.pg_roles").list(connection, row -> row.getString(1)));
        Set<String> made = new TreeSet<>();
        List<Unmade> unmade = new ArrayList<>();
        for (String role : roles) {
            if (!here.contains(role) && role.startsWith(RESERVED)) {
                unmade.add(new Unmade(
                        "Role " + role + " could not be made: names that begin with " + RESERVED
                                + " are those of PostgreSQL itself, which has no such role there. What it owned and"
                                + " was granted is left out.",
                        Unmade.Why.REFUSED,
                        ""));
            } else if (here.add(role)) {
                String quoted = Identifiers.quote(role);
                Sql.of("CREATE ROLE " + quoted + " NOLOGIN INHERIT BYPASSRLS").execute(connection);
                Sql.of("GRANT " + owners() + " TO " + quoted).execute(connection);
                Sql.of("GRANT " + quoted + " TO " + role()).execute(connection);
                made.add(role);
            }
        }
        return new Roles(made, unmade);
    }

    /**
     * Lets it make everything in the database that needs no superuser, and look at large objects.
     *
     * @param connection of the superuser in that database
     */
    void admit(Connection connection) throws SQLException {
        Sql.of("ALTER SCHEMA public OWNER TO " + role()).execute(connection);
        Sql.of("GRANT ALL ON SCHEMA public TO " + owners()).execute(connection);
        for (String kind : List.of("SCHEMAS", "TABLES", "SEQUENCES", "FUNCTIONS", "TYPES")) {
            Sql.of("ALTER DEFAULT PRIVILEGES FOR ROLE " + role() + " GRANT ALL ON " + kind + " TO " + owners())
                    .execute(connection);
        }
        Sql.of("GRANT SELECT ON pg_catalog.pg_largeobject TO " + role()).execute(connection);
    }
}
