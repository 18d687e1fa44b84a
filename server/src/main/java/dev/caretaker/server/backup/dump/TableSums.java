package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.run.Amounts;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts and hashes the rows of tables in the snapshot that pg_dump reads. By many threads. */
final class TableSums {
    private final Selected selected;
    private final Snapshot snapshot;
    private final Gate gate;
    private final long bytes;
    private final Map<TableName, CopiedTable> done = new ConcurrentHashMap<>();
    private final AtomicLong bytesDone = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicInteger tables = new AtomicInteger();

    TableSums(Selected selected, Snapshot snapshot, Gate gate) {
        this.selected = selected;
        this.snapshot = snapshot;
        this.gate = gate;
        this.bytes = Math.max(
                1,
                selected.tables().stream()
                        .filter(selected::hasRows)
                        .mapToLong(FoundTable::bytes)
                        .sum());
    }

    /** The largest first, so that the end is not one session with the largest. */
    List<FoundTable> largestFirst() {
        return selected.tables().stream()
                .sorted(Comparator.comparingLong(FoundTable::bytes).reversed())
                .toList();
    }

    void sum(Session session, FoundTable table) throws SQLException {
        snapshot.requireYoung();
        Connection connection = session.connection();
        List<ArchivedColumn> columns = ArchiveSources.columns(connection, table.oid()).stream()
                .filter(column -> !column.computed())
                .toList();
        Sum sum = selected.hasRows(table) ? sum(connection, table.name(), columns) : Sum.NONE;
        done.put(
                table.name(),
                new CopiedTable(
                        table.name(),
                        table.parent(),
                        !table.partitioned(),
                        selected.hasRows(table),
                        columns,
                        sum.rows(),
                        sum.hash(),
                        List.of()));
        rows.addAndGet(sum.rows());
        bytesDone.addAndGet(selected.hasRows(table) ? table.bytes() : 0);
        gate.at(
                0.8 * bytesDone.get() / bytes,
                tables.incrementAndGet() + " of "
                        + Amounts.count(selected.tables().size(), "table", "tables") + ", "
                        + Amounts.count(rows.get(), "row", "rows") + " counted and hashed, while pg_dump reads");
    }

    private record Sum(long rows, BigDecimal hash) {
        static final Sum NONE = new Sum(0, BigDecimal.ZERO);
    }

    private static Sum sum(Connection connection, TableName table, List<ArchivedColumn> columns) throws SQLException {
        return Sql.of("SELECT pg_catalog.count(*), COALESCE(" + RowHash.sum(columns, "t") + ", 0) FROM ONLY "
                        + Identifiers.quote(table) + " AS t")
                .one(connection, row -> new Sum(row.getLong(1), row.getBigDecimal(2)));
    }

    /** In the order of the selection. */
    List<CopiedTable> tables() {
        return selected.tables().stream().map(table -> done.get(table.name())).toList();
    }
}
