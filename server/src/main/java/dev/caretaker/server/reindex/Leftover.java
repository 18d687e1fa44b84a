package dev.caretaker.server.reindex;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An invalid index that an interrupted concurrent build left behind.
 *
 * @param builder pid of a session that builds on its table now: then it may be that build's
 * @param owned whether the role may drop it
 */
public record Leftover(
        long oid, TableName index, long tableOid, TableName table, long bytes, OptionalInt builder, boolean owned) {
    private static final long EVERY = 0;
    /** Postgres cuts names at 63 bytes, and may fall short of that by a part of a letter. */
    private static final int CUT = 60;

    private static final Pattern NAME = Pattern.compile("(.*)_cc(?:new|old)\\d*", Pattern.DOTALL);

    /** Of one table, or of all. */
    static List<Leftover> read(Connection connection, OptionalLong table) throws SQLException {
        String oid = Long.toString(table.orElse(EVERY));
        return Sql.resource("reindex/leftovers", oid, oid).list(connection, row -> {
            int builder = row.getInt("builder");
            OptionalInt building = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(builder);
            return new Leftover(
                    row.getLong("oid"),
                    new TableName(row.getString("schema"), row.getString("name")),
                    row.getLong("table_oid"),
                    new TableName(row.getString("table_schema"), row.getString("table_name")),
                    row.getLong("bytes"),
                    building,
                    row.getBoolean("owned"));
        });
    }

    static boolean isNamedLikeOne(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a rebuild of that index would have named it so; Postgres cuts long names. */
    boolean isOf(TableName rebuilt) {
        Matcher matcher = NAME.matcher(index.name());
        return matcher.matches()
                && index.schema().equals(rebuilt.schema())
                && rebuilt.name().startsWith(matcher.group(1))
                && (rebuilt.name().equals(matcher.group(1)) || isCut());
    }

    private boolean isCut() {
        return index.name().getBytes(StandardCharsets.UTF_8).length >= CUT;
    }

    /** Without waiting for the application, and without making it wait. */
    String dropStatement() {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + Identifiers.quote(index);
    }
}
