package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Subjects.Item;
import dev.caretaker.server.target.EscapedQuery;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statement of a check for one object that it runs for: what its names stand for, and its rows.
 *
 * @param role that it runs as; empty for Caretaker's own
 */
record CheckStatement(Check check, Item item, Feeds feeds, Surroundings surroundings, Optional<String> role) {
    private static final String EXTENSION_SCHEMA = "extschema:";
    private static final int FETCH_SIZE = 1_000;

    /**
     * Runs it, in the transaction that is open.
     *
     * @param escaped whether its texts are to come as {@link EscapedQuery} has them
     */
    void run(Connection connection, Harvest harvest, boolean escaped) throws SQLException {
        CheckSql.Bound plain = bound(connection);
        CheckSql.Bound sql = escaped ? escaped(connection, plain) : plain;
        if (role.isPresent()) {
            Sql.of("SELECT pg_catalog.set_config('role', ?, true)", role.get())
                    .one(connection, row -> row.getString(1));
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            statement.setFetchSize(FETCH_SIZE);
            for (int i = 0; i < sql.values().size(); i++) {
                Object value = sql.values().get(i);
                if (value instanceof String text) {
                    statement.setObject(i + 1, text, Types.OTHER);
                } else {
                    statement.setObject(i + 1, value);
                }
            }
            try (ResultSet rows = statement.executeQuery()) {
                harvest.take(rows);
            }
        }
    }

    private static CheckSql.Bound escaped(Connection connection, CheckSql.Bound sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            return new CheckSql.Bound(
                    EscapedQuery.of(sql.text(), statement.getMetaData(), Set.of("remediation")), sql.values());
        }
    }

    private CheckSql.Bound bound(Connection connection) throws SQLException {
        Map<String, Object> values = new HashMap<>(item.values());
        check.thresholds().forEach(threshold -> values.put(threshold.name(), threshold.number()));
        if (check.sql().parameters().contains("locked")) {
            values.put("locked", locked(connection));
        }
        return check.sql().bind(name -> values.containsKey(name) ? values.get(name) : feeds.value(name), this::macro);
    }

    private CheckSql.Bound macro(String name) {
        if (name.startsWith(EXTENSION_SCHEMA)) {
            return surroundings.extensionSchema(name.substring(EXTENSION_SCHEMA.length()));
        }
        return CheckFile.PIECES.containsKey(name)
                ? new CheckSql.Bound(Sql.resource(CheckFile.PIECES.get(name)).text(), List.of())
                : item.macros().get(name);
    }

    /** Relations that a plain read would wait for. */
    static Array locked(Connection connection) throws SQLException {
        List<Long> oids = Sql.resource("detect/locked_relations").list(connection, row -> row.getLong(1));
        return connection.createArrayOf("oid", oids.toArray());
    }
}
