package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A table as the catalog and the counters of its server have it now. Sizes are bytes; times are empty if it was never so since
 * the server counts.
 *
 * @param toastBytes with its index
 * @param estimated whether a size is the last one in the catalog, because somebody holds or wants the table exclusively
 * @param rows an estimate
 * @param deadRows the same
 * @param countedSince when the counters were reset; empty if they were not, or it is not known
 */
public record TableStanding(
        TableName name,
        long heapBytes,
        long indexBytes,
        long toastBytes,
        boolean estimated,
        long rows,
        long deadRows,
        Optional<Instant> lastVacuum,
        Optional<Instant> lastAutovacuum,
        Optional<Instant> lastAnalyze,
        Optional<Instant> lastAutoanalyze,
        Optional<Instant> countedSince) {
    private static final String PARTITIONED = "p";
    private static final String FOREIGN = "f";
    private static final String VIEW = "v";

    /**
     * Asks the primary, because a replica has counters of its own. Waits for no lock that somebody holds when it looks.
     *
     * @throws CaretakerException UNSUPPORTED_RELATION if there is no such table, it has no rows of its own here, or it is out of
     *     scope; LOCK_NOT_AVAILABLE if tables are locked again and again while it looks
     */
    public static TableStanding read(Target target, TableName table) {
        Optional<TableStanding> state = target.withPrimary(connection -> {
            if (!Scope.read(connection, target).holds(table)) {
                throw refused("Schema \"" + table.schema() + "\" is not one that Caretaker may touch.");
            }
            return find(connection, table);
        });
        return state.orElseThrow(() -> {
            String clause = MissingTable.clause(target, table);
            return refused(Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".");
        });
    }

    private static Optional<TableStanding> find(Connection connection, TableName table) throws SQLException {
        return LockedMeanwhile.again(() -> Sql.resource("target/table_standing", table.schema(), table.name())
                .first(connection, row -> read(row, table)));
    }

    private static TableStanding read(ResultSet row, TableName table) throws SQLException {
        switch (row.getString("kind")) {
            case PARTITIONED -> throw refused(table + " is partitioned: its partitions have the rows.");
            case VIEW -> throw refused(table + " is a view: it has no rows of its own.");
            case FOREIGN -> throw refused(table + " is a foreign table: its rows are on another server.");
            default -> {}
        }
        return new TableStanding(
                table,
                row.getLong("heap_bytes"),
                row.getLong("index_bytes"),
                row.getLong("toast_bytes"),
                row.getBoolean("size_estimated"),
                row.getLong("live"),
                row.getLong("dead"),
                instant(row, "last_vacuum"),
                instant(row, "last_autovacuum"),
                instant(row, "last_analyze"),
                instant(row, "last_autoanalyze"),
                instant(row, "counted_since"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static CaretakerException refused(String why) {
        return CaretakerException.of(Reason.UNSUPPORTED_RELATION, why);
    }
}
