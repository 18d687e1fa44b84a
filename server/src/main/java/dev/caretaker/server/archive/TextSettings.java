package dev.caretaker.server.archive;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings under which a value has one text, whatever the role or the database has: for writing rows and for their hashes, when
 * they leave, when they are looked at and when they come back.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html">Client connection defaults</a>
 */
public final class TextSettings {
    /** Written into the manifest, too. */
    public static final Map<String, String> ALL = Map.of(
            "datestyle", "ISO, YMD",
            "intervalstyle", "postgres",
            "timezone", "UTC",
            "extra_float_digits", "3",
            "bytea_output", "hex",
            "xmlbinary", "base64",
            "xmloption", "content",
            "lc_monetary", "C");

    private static final Sql SET = Sql.of("SELECT " + names());

    private TextSettings() {}

    private static String names() {
        StringBuilder calls = new StringBuilder();
        new TreeMap<>(ALL)
                .forEach((name, value) -> calls.append(calls.isEmpty() ? "" : ", ")
                        .append("pg_catalog.set_config('")
                        .append(name)
                        .append("', '")
                        .append(value)
                        .append("', true)"));
        return calls.toString();
    }

    /** Until the end of the transaction. */
    public static void apply(Connection connection) throws SQLException {
        SET.one(connection, row -> row.getString(1));
    }
}
