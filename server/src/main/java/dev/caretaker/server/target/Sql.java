package dev.caretaker.server.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGStatement;

/**
 * A statement with its parameters. Statements longer than two lines are resources under {@code sql/<feature>/}; values are
 * always parameters. A String is sent without a type, so that Postgres reads it as what the statement says; that keeps
 * comparisons in the column's own type and its index usable.
 */
public final class Sql {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> RESOURCES = new ConcurrentHashMap<>();

    /** In a resource: another one, of which this one is made. */
    private static final Pattern PIECE = Pattern.compile("@([a-z_]+/[a-z_]+)@");

    private static final int PAGE = 2_000;

    /** Times that a statement is asked of a session before the server is to keep it. */
    private static final int OFTEN = 2;

    private final String text;
    private final List<Object> parameters;
    private final boolean kept;

    private Sql(String text, List<Object> parameters, boolean kept) {
        this.text = text;
        this.parameters = parameters;
        this.kept = kept;
    }

    public static Sql of(String text, Object... parameters) {
        return new Sql(text, List.of(parameters), false);
    }

    /**
     * The same, for what is asked of a session again and again and for which any plan serves, such as a look at one table in the
     * catalog: the server keeps it, so that it is not planned each time.
     */
    public Sql often() {
        return new Sql(text, parameters, true);
    }

    /**
     * A statement kept as a resource, for example {@code cleanup/foreign_keys}. Where it writes {@code @target/piece@} stands
     * what that resource holds.
     */
    public static Sql resource(String name, Object... parameters) {
        return new Sql(loaded(name), List.of(parameters), false);
    }

    /** Not by computeIfAbsent, which may not call itself for the pieces. */
    private static String loaded(String name) {
        String known = RESOURCES.get(name);
        if (known != null) {
            return known;
        }
        String text = PIECE.matcher(load(name)).replaceAll(piece -> Matcher.quoteReplacement(loaded(piece.group(1))));
        RESOURCES.put(name, text);
        return text;
    }

    /** Text of the statement, with placeholders. */
    public String text() {
        return text;
    }

    /** All rows. Outside of a transaction texts that cannot become UTF-8 come as {@link EscapedQuery} has it. */
    public <T> List<T> list(Connection connection, RowMapper<T> mapper) throws SQLException {
        return asked(connection, rows -> {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(mapper.map(rows));
            }
            return result;
        });
    }

    private <T> T asked(Connection connection, RowMapper<T> reader) throws SQLException {
        try {
            return read(connection, reader);
        } catch (SQLException e) {
            if (!EscapedQuery.isCalledFor(e) || !connection.getAutoCommit()) {
                throw e;
            }
            return escaped(connection).read(connection, reader);
        }
    }

    /** The same query with texts as {@link EscapedQuery} has them. */
    public Sql escaped(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepare(connection)) {
            return new Sql(EscapedQuery.of(text, statement.getMetaData(), Set.of()), parameters, false);
        }
    }

    private <T> T read(Connection connection, RowMapper<T> reader) throws SQLException {
        try (PreparedStatement statement = prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            return reader.map(rows);
        }
    }

    /**
     * Hands over row after row and keeps none: for results of any size. Wants an open transaction, in which the driver gets
     * {@value #PAGE} rows at a time; the server then plans without parallel workers.
     */
    public void each(Connection connection, RowConsumer consumer) throws SQLException {
        try (PreparedStatement statement = prepare(connection)) {
            statement.setFetchSize(PAGE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    consumer.accept(rows);
                }
            }
        }
    }

    /** Decides after each row how many the driver is to ask the server for with its next request; 0 to read no more. */
    @FunctionalInterface
    public interface Request {
        int after(ResultSet row) throws SQLException;
    }

    /**
     * Asks the server for the first row alone and then for as many as each row's answer says: between two requests the server
     * does nothing, and all of them see one snapshot. Wants an open transaction.
     */
    public void piecemeal(Connection connection, Request request) throws SQLException {
        try (PreparedStatement statement = prepare(connection)) {
            statement.setFetchSize(1);
            try (ResultSet rows = statement.executeQuery()) {
                int more = 1;
                while (more > 0 && rows.next()) {
                    more = request.after(rows);
                    rows.setFetchSize(Math.max(1, more));
                }
            }
        }
    }

    /** The first row, with texts as {@link #list} has them. */
    public <T> Optional<T> first(Connection connection, RowMapper<T> mapper) throws SQLException {
        return asked(connection, rows -> rows.next() ? Optional.ofNullable(mapper.map(rows)) : Optional.empty());
    }

    /** The single row of a query that always has one, such as an aggregate. */
    public <T> T one(Connection connection, RowMapper<T> mapper) throws SQLException {
        return first(connection, mapper).orElseThrow(() -> new SQLException("no row from: " + text));
    }

    /**
     * How the server would run it.
     *
     * @param options of EXPLAIN, such as {@code ANALYZE, WAL} (then it is run); empty for none
     * @return the first element of what EXPLAIN (FORMAT JSON) answers
     */
    public JsonNode explain(Connection connection, String options) throws SQLException {
        String prefix = "EXPLAIN (" + (options.isEmpty() ? "" : options + ", ") + "FORMAT JSON) ";
        String json = new Sql(prefix + text, parameters, false).one(connection, row -> row.getString(1));
        try {
            return JSON.readTree(json).path(0);
        } catch (JsonProcessingException e) {
            throw new SQLException("EXPLAIN did not answer in JSON", e);
        }
    }

    /** Rows touched. */
    public long update(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepare(connection)) {
            return statement.executeLargeUpdate();
        }
    }

    /** A statement without parameters that returns nothing, such as PREPARE, as one simple query. */
    public void execute(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
        }
    }

    private PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            if (kept) {
                statement.unwrap(PGStatement.class).setPrepareThreshold(OFTEN);
            }
            for (int i = 0; i < parameters.size(); i++) {
                bind(statement, i + 1, parameters.get(i));
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof String string) {
            statement.setObject(index, string, Types.OTHER);
        } else {
            statement.setObject(index, value);
        }
    }

    private static String load(String name) {
        String path = "/sql/" + name + ".sql";
        try (InputStream in = Sql.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads one row; must not move the cursor. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Takes one row; must not move the cursor. */
    @FunctionalInterface
    public interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }
}
