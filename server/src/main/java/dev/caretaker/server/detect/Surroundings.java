package dev.caretaker.server.detect;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server offers to checks.
 *
 * @param systemIdentifier the cluster's identity, the same for a primary and its physical replicas
 * @param versionNumber server_version_num
 * @param version as people write it
 * @param role role the checks run as
 * @param extensions extensions of the database by name
 * @param roles predefined roles whose rights the role has
 */
public record Surroundings(
        long systemIdentifier,
        int versionNumber,
        String version,
        String role,
        Map<String, Installed> extensions,
        Set<String> roles) {

    /** An extension that the database has. */
    public record Installed(String version, String schema) {}

    /** Reads them on an open connection. */
    static Surroundings read(Connection connection) throws SQLException {
        Map<String, Installed> extensions = new HashMap<>();
        Sql.resource("detect/extensions")
                .list(
                        connection,
                        row -> extensions.put(
                                row.getString("name"),
                                new Installed(row.getString("version"), row.getString("schema"))));
        Set<String> roles =
                Set.copyOf(Sql.resource("detect/predefined_roles").list(connection, row -> row.getString(1)));
        return Sql.resource("detect/surroundings")
                .one(
                        connection,
                        row -> new Surroundings(
                                row.getLong("system_identifier"),
                                row.getInt("version_number"),
                                row.getString("version"),
                                row.getString("role"),
                                extensions,
                                roles));
    }

    /** Schema of an extension that the database has, quoted. */
    CheckSql.Bound extensionSchema(String extension) {
        return new CheckSql.Bound(Identifiers.quote(extensions.get(extension).schema()), List.of());
    }

    /** Why a check cannot run here; empty if it can. */
    public Optional<String> lacks(Check check) {
        return check.needs().stream().flatMap(need -> need.unmet(this).stream()).findFirst();
    }
}
