package dev.caretaker.server.partition.listing;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts the rows of partitions within a time budget. Estimates are kept for those that do not fit, that somebody has
 * locked or dropped, that this role may not read, and that are on another server. A sub-partitioned one has the sum of its
 * own where all were counted.
 */
final class RowCounts {

    private RowCounts() {}

    /** In the same order, which is the reading order. Leaves the connection in autocommit and its settings as they were. */
    static List<ListedPartition> count(Connection connection, List<ListedPartition> partitions, Duration budget)
            throws SQLException {
        long end = System.nanoTime() + budget.toNanos();
        List<ListedPartition> counted = new ArrayList<>(partitions.size());
        for (ListedPartition partition : partitions) {
            long left = (end - System.nanoTime()) / 1_000_000;
            boolean stored = partition.row().key().isEmpty() && !partition.row().foreign();
            Optional<Long> rows = left > 0 && stored ? count(connection, partition, left) : Optional.empty();
            counted.add(rows.map(partition::counted).orElse(partition));
        }
        for (int i = counted.size() - 1; i >= 0; i--) {
            if (counted.get(i).row().key().isPresent()) {
                counted.set(i, summed(counted, i));
            }
        }
        return counted;
    }

    private static ListedPartition summed(List<ListedPartition> counted, int place) {
        ListedPartition partition = counted.get(place);
        List<Long> leaves = counted.subList(place + 1, counted.size()).stream()
                .takeWhile(below -> below.row().level() > partition.row().level())
                .filter(below -> below.row().key().isEmpty())
                .flatMap(below -> below.exactRows().stream())
                .toList();
        return leaves.size() == partition.row().leaves()
                ? partition.counted(leaves.stream().mapToLong(Long::longValue).sum())
                : partition;
    }

    private static Optional<Long> count(Connection connection, ListedPartition partition, long milliseconds)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            Sql.of(
                            "SELECT pg_catalog.set_config('statement_timeout', ?, true),"
                                    + " pg_catalog.set_config('lock_timeout', '200ms', true)",
                            milliseconds + "ms")
                    .one(connection, row -> row.getString(1));
            return Optional.of(Sql.of("SELECT pg_catalog.count(*) FROM "
                            + Identifiers.quote(partition.row().name()))
                    .one(connection, row -> row.getLong(1)));
        } catch (SQLException e) {
            if (keepsEstimate(e)) {
                return Optional.empty();
            }
            throw e;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static boolean keepsEstimate(SQLException e) {
        return PostgresErrors.isTimeout(e)
                || PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
                || PostgresErrors.UNDEFINED_TABLE.equals(e.getSQLState())
                // A replica ends queries that hold back its replay.
                || PostgresErrors.SERIALIZATION_FAILURE.equals(e.getSQLState());
    }
}
