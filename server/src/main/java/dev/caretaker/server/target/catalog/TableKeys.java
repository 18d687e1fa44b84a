package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Foreign keys of a table, and whom they concern. */
public final class TableKeys {

    private TableKeys() {}

    /** Names of its own foreign keys, without those that it has from a table it is a partition of. */
    public static List<String> own(Connection connection, long oid) throws SQLException {
        return Sql.of(
                        "SELECT conname FROM pg_catalog.pg_constraint"
                                + " WHERE conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND contype = 'f' AND conparentid = 0"
                                + " ORDER BY conname",
                        oid)
                .list(connection, row -> row.getString(1));
    }

    /** Whether it has foreign keys, of its own or from a table it is a partition of. */
    public static boolean has(Connection connection, long oid) throws SQLException {
        return Sql.of(
                        "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint"
                                + " WHERE conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND contype = 'f')",
                        oid)
                .one(connection, row -> row.getBoolean(1));
    }

    /** Oids of the tables that foreign keys of it reference, and of those that reference it by theirs. */
    public static List<Long> neighbours(Connection connection, long oid) throws SQLException {
        return Sql.of(
                        "SELECT DISTINCT (CASE WHEN f.conrelid = t.oid THEN f.confrelid ELSE f.conrelid END)::pg_catalog.int8"
                                + " FROM (SELECT CAST(? AS pg_catalog.int8)::pg_catalog.oid AS oid) t"
                                + " JOIN pg_catalog.pg_constraint f ON t.oid IN (f.conrelid, f.confrelid) AND f.contype = 'f'",
                        oid)
                .list(connection, row -> row.getLong(1));
    }
}
