package dev.caretaker.server.backup;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Makes an empty scratch database on any server, and drops it. */
final class ScratchDatabase {
    private ScratchDatabase() {}

    /** With the encoding and, where it exists there, the collation of the one that was copied. */
    static void create(Connection connection, Copied.Source source, String database, List<String> notes)
            throws SQLException {
        drop(connection, database); // an attempt that was cut short may have left it: the name is the run's own
        String made = "CREATE DATABASE " + Identifiers.quote(database) + " TEMPLATE template0 ENCODING '"
                + source.encoding().replaceAll("[^A-Za-z0-9_]", "") + "'";
        try {
            String locale = "'" + source.locale().replace("'", "''") + "'";
            Sql.of(made + " LC_COLLATE " + locale + " LC_CTYPE " + locale).execute(connection);
        } catch (SQLException e) {
            if (!"42809".equals(e.getSQLState()) && !PostgresErrors.INVALID_PARAMETER_VALUE.equals(e.getSQLState())) {
                throw e;
            }
            Sql.of(made + " LC_COLLATE 'C' LC_CTYPE 'C'").execute(connection);
            notes.add("Collation " + source.locale() + " does not exist there; C took its place.");
        }
    }

    static void drop(Connection connection, String database) throws SQLException {
        Sql.of("DROP DATABASE IF EXISTS " + Identifiers.quote(database) + " WITH (FORCE)")
                .execute(connection);
    }
}
