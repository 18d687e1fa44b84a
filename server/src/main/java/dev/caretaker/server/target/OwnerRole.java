package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/**
 * The owner of a relation, as whom a session works: what the application's triggers then do is done with the rights of the one
 * who could make them. A trigger may take the role off (RESET ROLE), so the login itself should have no rights beyond its
 * membership in owners.
 */
final class OwnerRole {
    private static final String OF_OID = "SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c"
            + " WHERE c.oid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)";

    private OwnerRole() {}

    /** Nothing changes if there is no such relation any more. */
    static void takeOn(Connection connection, long oid) throws SQLException {
        takeOn(connection, owner(connection, Sql.of(OF_OID, Long.toString(oid))));
    }

    /** Nothing changes if there is no such relation. */
    static void takeOn(Connection connection, TableName table) throws SQLException {
        takeOn(connection, owner(connection, Sql.resource("target/owner", table.schema(), table.name())));
    }

    /** Works as whoever logged in. */
    static void takeOff(Connection connection) throws SQLException {
        try (Statement reset = connection.createStatement()) {
            reset.execute("RESET ROLE");
        }
    }

    /** Does something as the owner of a table, and then goes on as whoever logged in. */
    static <T> T with(Connection connection, TableName table, Target.Work<T> work) throws SQLException {
        takeOn(connection, table);
        try {
            T result = work.on(connection);
            takeOff(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                takeOff(connection);
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Does something as whoever logged in, and then goes on as whom the session worked. */
    static <T> T without(Connection connection, Target.Work<T> work) throws SQLException {
        String role = Sql.of("SELECT pg_catalog.current_setting('role')").one(connection, row -> row.getString(1));
        takeOff(connection);
        try {
            T result = work.on(connection);
            become(connection, role);
            return result;
        } catch (SQLException e) {
            try {
                become(connection, role);
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static void become(Connection connection, String role) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('role', ?, false)", role).one(connection, row -> row.getString(1));
    }

    /** Nobody is to be advised to make a superuser of the login. */
    private static String remedy(Connection connection, String owner, String login) throws SQLException {
        boolean superuser = Sql.of(
                        "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = CAST(? AS pg_catalog.name)", owner)
                .first(connection, row -> row.getBoolean(1))
                .orElse(false);
        return superuser
                ? ", which is a superuser. Give the table to another role (ALTER TABLE … OWNER TO), or look after it by a"
                        + " target without act-as."
                : ": GRANT " + Identifiers.quote(owner) + " TO " + Identifiers.quote(login) + ".";
    }

    private static Optional<String> owner(Connection connection, Sql question) throws SQLException {
        return question.first(connection, row -> row.getString(1));
    }

    private static void takeOn(Connection connection, Optional<String> owner) throws SQLException {
        if (owner.isEmpty()) {
            return;
        }
        try {
            become(connection, owner.get());
        } catch (SQLException e) {
            if (!PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            String login = Sql.of("SELECT session_user").one(connection, row -> row.getString(1));
            throw CaretakerException.of(
                    Reason.MISSING_PRIVILEGE,
                    "The target acts as the owner of each table, but role " + login + " may not become " + owner.get()
                            + remedy(connection, owner.get(), login),
                    Map.of("role", login, "owner", owner.get()),
                    e);
        }
    }
}
