package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.backup.TablePiece;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts and hashes the rows of tables, of large ones range by range, in the snapshot that pg_dump reads. By many threads. */
final class TableSums {
    private final Selected selected;
    private final Snapshot snapshot;
    private final Gate gate;
    private final List<TablePiece> pieces;
    private final long bytes;
    private final Map<TableName, List<ArchivedColumn>> columns = new ConcurrentHashMap<>();
    private final Map<TableName, Sum> sums = new ConcurrentHashMap<>();
    private final AtomicLong bytesDone = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();

    TableSums(Selected selected, Snapshot snapshot, Gate gate) {
        this.selected = selected;
        this.snapshot = snapshot;
        this.gate = gate;
        this.pieces = selected.tables().stream()
                .flatMap(table -> pieces(table).stream())
                .sorted(Comparator.comparingLong(TablePiece::bytes).reversed())
                .toList();
        this.bytes = Math.max(
                1,
                selected.tables().stream()
                        .filter(selected::hasRows)
                        .mapToLong(FoundTable::bytes)
                        .sum());
    }

    private List<TablePiece> pieces(FoundTable table) {
        return selected.hasRows(table)
                ? TablePiece.of(table)
                : List.of(new TablePiece(table, 1, 1, 0, Optional.empty()));
    }

    /** The largest first, so that the end is not one session with the largest. */
    List<TablePiece> largestFirst() {
        return pieces;
    }

    void sum(Session session, TablePiece piece) throws SQLException {
        snapshot.requireYoung();
        FoundTable table = piece.table();
        Connection connection = session.connection();
        List<ArchivedColumn> summed = ArchiveSources.columns(connection, table.oid()).stream()
                .filter(column -> !column.computed())
                .toList();
        Sum sum = selected.hasRows(table) ? sum(connection, piece, summed) : Sum.NONE;
        columns.put(table.name(), summed);
        sums.merge(table.name(), sum, Sum::plus);
        rows.addAndGet(sum.rows());
        bytesDone.addAndGet(selected.hasRows(table) ? piece.bytes() : 0);
        gate.at(
                0.8 * bytesDone.get() / bytes,
                done.incrementAndGet() + " of "
                        + Amounts.count(pieces.size(), "table or piece of one", "tables and pieces of tables") + ", "
                        + Amounts.count(rows.get(), "row", "rows") + " counted and hashed, while pg_dump reads");
    }

    private record Sum(long rows, BigDecimal hash) {
        static final Sum NONE = new Sum(0, BigDecimal.ZERO);

        Sum plus(Sum other) {
            return new Sum(rows + other.rows(), hash.add(other.hash()));
        }
    }

    private static Sum sum(Connection connection, TablePiece piece, List<ArchivedColumn> columns) throws SQLException {
        return Sql.of("SELECT pg_catalog.count(*), COALESCE(" + RowHash.sum(columns, "t") + ", 0) FROM ONLY "
                        + Identifiers.quote(piece.table().name()) + " AS t" + piece.where("t"))
                .one(connection, row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
    }

    /** In the order of the selection. */
    List<CopiedTable> tables() {
        return selected.tables().stream().map(this::table).toList();
    }

    private CopiedTable table(FoundTable table) {
        Sum sum = sums.get(table.name());
        return new CopiedTable(
                table.name(),
                table.parent(),
                !table.partitioned(),
                selected.hasRows(table),
                columns.get(table.name()),
                sum.rows(),
                sum.hash(),
                List.of());
    }
}
