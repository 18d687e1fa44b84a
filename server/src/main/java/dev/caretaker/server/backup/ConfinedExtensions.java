package dev.caretaker.server.backup;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the extensions of a backup in a scratch database before anything else of it is there: many can be made by a superuser alone.
 * Then it takes from them what would reach beyond the database: see {@code backup/confine.sql}. Their own tables stay those of the
 * superuser, and as the extensions have filled them: for some extensions rows say which files may be written. Others can not be made
 * afterwards: whoever owns a database may otherwise make those that are trusted.
 */
final class ConfinedExtensions {
    private final Connection connection;
    private final ConfinedLogin login;

    /** @param connection of the superuser in the scratch database, in autocommit */
    ConfinedExtensions(Connection connection, ConfinedLogin login) {
        this.connection = connection;
        this.login = login;
    }

    /**
     * Makes those among objects of a backup that are on this machine.
     *
     * @return what is on this machine and still cannot be made, one sentence each
     */
    List<String> make(List<MadeObject> objects) throws SQLException {
        Set<String> available = new HashSet<>(Sql.of("SELECT name FROM pg_catalog.pg_available_extensions")
                .list(connection, row -> row.getString(1)));
        List<MadeObject> waiting = objects.stream()
                .filter(object -> object.kind().equals("extension")
                        && available.contains(object.name().name()))
                .toList();
        Map<MadeObject, String> failed = new LinkedHashMap<>();
        boolean progress = true;
        while (progress && !waiting.isEmpty()) { // one may need another one, and nothing tells which
            failed.clear();
            for (MadeObject extension : waiting) {
                make(extension, failed);
            }
            progress = failed.size() < waiting.size();
            waiting = List.copyOf(failed.keySet());
        }
        confine();
        Sql.resource("backup/refuse_extensions").execute(connection);
        List<String> notes = new ArrayList<>();
        failed.forEach((extension, why) ->
                notes.add("Extension " + extension.name().name() + " cannot be made there: " + why));
        return notes;
    }

    private void make(MadeObject extension, Map<MadeObject, String> failed) throws SQLException {
        String schema = Identifiers.quote(extension.name().schema());
        try {
            if (!extension.name().schema().startsWith("pg_")) {
                Sql.of("CREATE SCHEMA IF NOT EXISTS " + schema + " AUTHORIZATION " + login.role())
                        .execute(connection);
            }
            Sql.of("CREATE EXTENSION " + Identifiers.quote(extension.name().name()) + " WITH SCHEMA " + schema)
                    .execute(connection);
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            failed.put(extension, PostgresErrors.whole(e));
        }
    }

    private void confine() throws SQLException {
        List<String> statements =
                Sql.resource("backup/confine", login.owners()).list(connection, row -> row.getString("statement"));
        for (String statement : statements) {
            Sql.of(statement).execute(connection);
        }
    }
}
