package dev.caretaker.server.partition;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counts the rows of partitions within a time budget; those that do not fit, or that somebody has locked, keep estimates. */
final class RowCounts {

    private RowCounts() {}

    /** In the same order. Leaves the connection in autocommit and its settings as they were. */
    static List<ListedPartition> count(
            Connection connection, List<ListedPartition> partitions, Optional<Duration> budget) throws SQLException {
        if (budget.isEmpty()) {
            return partitions;
        }
        long end = System.nanoTime() + budget.get().toNanos();
        List<ListedPartition> counted = new ArrayList<>(partitions.size());
        for (ListedPartition partition : partitions) {
            long left = (end - System.nanoTime()) / 1_000_000;
            counted.add(left > 0 ? count(connection, partition, left) : partition);
        }
        return counted;
    }

    private static ListedPartition count(Connection connection, ListedPartition partition, long milliseconds)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('statement_timeout', ?, true),"
                                    + " pg_catalog.set_config('lock_timeout', '200ms', true)",
                            milliseconds + "ms")
                    .one(connection, row -> row.getString(1));
            return partition.counted(Sql.of("SELECT count(*) FROM "
                            + Identifiers.quote(partition.row().name()))
                    .one(connection, row -> row.getLong(1)));
        } catch (SQLException e) {
            if (PostgresErrors.isTimeout(e)) {
                return partition;
            }
            throw e;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
