package dev.caretaker.server.partition.listing;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Counts the rows of partitions within a time budget. Estimates are kept for those that do not fit, that somebody has
 * locked or dropped, that this role may not read, and that are on another server. A sub-partitioned one has the sum of its
 * own where all were counted.
 */
final class RowCounts {
    private static final String NO_TIME = "the time for counting was over";

    private RowCounts() {}

    /** In the same order, which is the reading order. Leaves the connection in autocommit and its settings as they were. */
    static List<ListedPartition> count(Connection connection, List<ListedPartition> partitions, Duration budget)
            throws SQLException {
        long end = System.nanoTime() + budget.toNanos();
        Map<Long, String> obstacles = obstacles(connection, partitions);
        List<ListedPartition> counted = new ArrayList<>(partitions.size());
        for (ListedPartition partition : partitions) {
            long left = (end - System.nanoTime()) / 1_000_000;
            counted.add(partition.row().key().isPresent() ? partition : count(connection, partition, obstacles, left));
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

    private static Map<Long, String> obstacles(Connection connection, List<ListedPartition> partitions)
            throws SQLException {
        String oids = partitions.stream()
                .map(partition -> Long.toString(partition.row().oid()))
                .collect(Collectors.joining(",", "{", "}"));
        Map<Long, String> obstacles = new HashMap<>();
        Sql.resource("partition/countable", oids)
                .list(connection, row -> obstacles.put(row.getLong("oid"), row.getString("why")));
        return obstacles;
    }

    private static ListedPartition count(
            Connection connection, ListedPartition partition, Map<Long, String> obstacles, long milliseconds)
            throws SQLException {
        String obstacle = partition.row().foreign()
                ? "its rows are on another server"
                : obstacles.get(partition.row().oid());
        if (obstacle != null) {
            return partition.notCounted(obstacle);
        }
        return milliseconds <= 0 ? partition.notCounted(NO_TIME) : count(connection, partition, milliseconds);
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
            return partition.counted(Sql.of("SELECT pg_catalog.count(*) FROM "
                            + Identifiers.quote(partition.row().name()))
                    .one(connection, row -> row.getLong(1)));
        } catch (SQLException e) {
            return partition.notCounted(why(e).orElseThrow(() -> e));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** What came between although it was looked for before, or nobody could know; empty if it is no reason to go on without. */
    private static Optional<String> why(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (PostgresErrors.isTimeout(e)) {
            return Optional.of(
                    state.equals(PostgresErrors.LOCK_NOT_AVAILABLE)
                            ? "somebody holds or wants it exclusively"
                            : NO_TIME);
        }
        return switch (state) {
            case PostgresErrors.INSUFFICIENT_PRIVILEGE -> Optional.of("the role lacks a right to read it");
            case PostgresErrors.UNDEFINED_TABLE -> Optional.of("it was dropped meanwhile");
            case PostgresErrors.SERIALIZATION_FAILURE ->
                Optional.of("the replica ended the count, which held back its replay");
            default -> Optional.empty();
        };
    }
}
