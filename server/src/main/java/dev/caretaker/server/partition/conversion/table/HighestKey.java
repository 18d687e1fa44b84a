package dev.caretaker.server.partition.conversion.table;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How far the keys of a table go.
 *
 * @param indexed whether an index leads with the key, so that the highest one can be looked at; nothing else is told without
 * @param key the highest key, as the server writes it; empty if there is none
 * @param daily rows that come in a day by the server's statistics, never less than 0
 */
public record HighestKey(boolean indexed, Optional<String> key, BigInteger daily) {
    public static final HighestKey UNKNOWN = new HighestKey(false, Optional.empty(), BigInteger.ZERO);

    /** Reads it. The table must have that column. */
    public static HighestKey read(Connection connection, PlainTable table, String column) throws SQLException {
        if (!Sql.resource("partition/convert_key_index", table.oid(), column)
                .one(connection, row -> row.getBoolean(1))) {
            return UNKNOWN;
        }
        BigDecimal daily =
                Sql.resource("partition/convert_inserts", table.oid()).one(connection, row -> row.getBigDecimal(1));
        return new HighestKey(
                true,
                highest(connection, table.name(), column),
                daily.toBigInteger().max(BigInteger.ZERO));
    }

    private static Optional<String> highest(Connection connection, TableName table, String column) throws SQLException {
        String key = Identifiers.quote(column);
        // max() knows no uuid before Postgres 18.
        return Sql.of("SELECT " + key + "::pg_catalog.text FROM ONLY " + Identifiers.quote(table) + " WHERE " + key
                        + " IS NOT NULL ORDER BY " + key + " DESC LIMIT 1")
                .first(connection, row -> row.getString(1));
    }

    /** Whether a key at or above that one is there. */
    public static boolean reaches(Connection connection, TableName table, String column, String type, String key)
            throws SQLException {
        return Sql.of(
                        "SELECT EXISTS (SELECT FROM ONLY " + Identifiers.quote(table) + " WHERE "
                                + Identifiers.quote(column) + " OPERATOR(pg_catalog.>=) CAST(? AS " + type + "))",
                        key)
                .one(connection, row -> row.getBoolean(1));
    }
}
