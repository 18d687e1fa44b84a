package dev.caretaker.server.target;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A query that is asked again because it brings texts that cannot become UTF-8: names in a database of the encoding SQL_ASCII
 * may hold any bytes. Such texts, and only they, then come with each byte beyond ASCII as a backslash and three octal digits
 * ({@code caf\351}): good to read, but no name that a statement could use.
 */
public final class EscapedQuery {
    /** character_not_in_repertoire, untranslatable_character. */
    private static final Set<String> STATES = Set.of("22021", "22P05");

    private static final Set<String> TEXTS = Set.of("text", "name", "varchar", "bpchar");
    private static final Set<String> ARRAYS = Set.of("_text", "_name", "_varchar");
    private static final Set<String> JSON = Set.of("json", "jsonb");

    private EscapedQuery() {}

    /** Whether a query failed for such a text. */
    public static boolean isCalledFor(SQLException e) {
        return e.getSQLState() != null && STATES.contains(e.getSQLState());
    }

    /**
     * The query with the same columns and parameters.
     *
     * @param sql a SELECT without a semicolon
     * @param columns its columns
     * @param statements names of columns that hold SQL to be run: these are NULL where a text in them would be escaped
     */
    public static String of(String sql, ResultSetMetaData columns, Set<String> statements) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = "q.c" + i;
            names.add("c" + i);
            String label = columns.getColumnLabel(i);
            String value = statements.contains(label)
                    ? "CASE WHEN " + ascii(name) + " THEN " + name + " END"
                    : value(name, columns.getColumnTypeName(i));
            values.add(value + " AS " + Identifiers.quote(label));
        }
        return "SELECT " + String.join(", ", values) + " FROM (" + sql + "\n) AS q (" + String.join(", ", names) + ")";
    }

    private static String value(String column, String type) {
        if (TEXTS.contains(type)) {
            return escaped(column);
        }
        if (ARRAYS.contains(type)) {
            return "(SELECT pg_catalog.array_agg(" + escaped("u.text") + " ORDER BY u.place) FROM pg_catalog.unnest("
                    + column + ") WITH ORDINALITY AS u (text, place))";
        }
        return JSON.contains(type) ? json(column) : column;
    }

    /** The backslashes that were there stay as they are; those that escaping makes are doubled, as a string in JSON has them. */
    private static String json(String value) {
        return "CASE WHEN " + ascii(value) + " THEN " + value + "::pg_catalog.text ELSE"
                + " pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(" + bytes(value)
                + ", '\\\\', pg_catalog.chr(1)), '\\', '\\\\'), pg_catalog.chr(1), '\\') END";
    }

    private static String escaped(String value) {
        return "CASE WHEN " + ascii(value) + " THEN " + value + "::pg_catalog.text ELSE " + bytes(value) + " END";
    }

    private static String ascii(String value) {
        return value + "::pg_catalog.text OPERATOR(pg_catalog.~) '^[\\x01-\\x7f]*$'";
    }

    private static String bytes(String value) {
        return "pg_catalog.encode(pg_catalog.convert_to(" + value
                + "::pg_catalog.text, pg_catalog.getdatabaseencoding()), 'escape')";
    }
}
