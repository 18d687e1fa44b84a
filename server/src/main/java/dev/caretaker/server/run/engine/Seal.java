package dev.caretaker.server.run.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * What the server says of a transaction whose work is done.
 *
 * @param xid of the transaction; empty if it wrote nothing
 * @param walPosition bytes of write-ahead log that the server ever wrote
 */
record Seal(Optional<String> xid, long walPosition, Horizon horizon) {
    /** Two statements in one round trip: deferred triggers and constraints fire before anything is journalled. */
    private static final String SEAL = "SET CONSTRAINTS ALL IMMEDIATE;"
            + " SELECT CAST(pg_catalog.pg_current_xact_id_if_assigned() AS pg_catalog.text),"
            + " CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint),"
            + " CAST(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) AS pg_catalog.text),"
            + " CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS pg_catalog.text) AS bigint)";

    private static final String BEFORE =
            "SELECT CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint),"
                    + " CAST(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) AS pg_catalog.text),"
                    + " CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS pg_catalog.text)"
                    + " AS bigint)";

    /**
     * How far transaction ids had come.
     *
     * @param ended id before which all had ended
     * @param next the one after the highest that has ended
     * @param at System.nanoTime
     */
    record Horizon(String ended, long next, long at) {
        private static Horizon read(ResultSet row, int column) throws SQLException {
            return new Horizon(row.getString(column), row.getLong(column + 1), System.nanoTime());
        }
    }

    /** Of an open transaction: has what it deferred happen now. */
    static Seal of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SEAL);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new Seal(Optional.ofNullable(row.getString(1)), row.getLong(2), Horizon.read(row, 3));
            }
        }
    }

    /** How the server stands before any work is done. */
    static Seal before(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BEFORE)) {
            row.next();
            return new Seal(Optional.empty(), row.getLong(1), Horizon.read(row, 2));
        }
    }
}
