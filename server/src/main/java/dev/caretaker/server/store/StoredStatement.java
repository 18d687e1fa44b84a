package dev.caretaker.server.store;

import dev.caretaker.server.store.ControlStore.RowMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a statement of the control store, which is named by its resource under {@code sql/store}, on a connection. Where a resource writes
 * {@code @piece@} stands what that resource holds.
 */
final class StoredStatement {
    private static final Map<String, String> STATEMENTS = new ConcurrentHashMap<>();

    private static final Pattern PIECE = Pattern.compile("@([a-z_]+)@");

    private StoredStatement() {}

    static <T> List<T> list(Connection connection, String name, RowMapper<T> mapper, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, name)) {
            bind(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(mapper.map(rows));
                }
                return result;
            }
        }
    }

    /** Rows touched. */
    static int update(Connection connection, String name, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, name)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /** Once for each set of parameters, sent together. */
    static void batch(Connection connection, String name, List<Object[]> parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, name)) {
            for (Object[] row : parameters) {
                bind(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static PreparedStatement prepare(Connection connection, String name) throws SQLException {
        return connection.prepareStatement(STATEMENTS.computeIfAbsent(name, StoredStatement::load));
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    /** Text goes without a type, so that Postgres reads it as what the statement wants: text, jsonb, text[]. */
    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.NULL);
            case Optional<?> optional -> bind(statement, index, optional.orElse(null));
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case Enum<?> constant -> statement.setString(index, constant.name());
            case String text -> statement.setObject(index, text, Types.OTHER);
            default -> statement.setObject(index, value);
        }
    }

    private static String load(String name) {
        try (InputStream in = StoredStatement.class.getResourceAsStream("/sql/store/" + name + ".sql")) {
            if (in == null) {
                throw new IllegalArgumentException("no resource /sql/store/" + name + ".sql");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return PIECE.matcher(text).replaceAll(piece -> Matcher.quoteReplacement(load(piece.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
