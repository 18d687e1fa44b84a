package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.DatabaseObjects;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.backup.TablePiece;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One table copy. */
final class Copying {
    private final BackupOrder order;
    private final Target from;
    private final BackupFolder into;
    private final Gate gate;
    private final Session session;
    private final Snapshot snapshot;
    private final String name;
    private final Map<TablePiece, TableWriter> done = new ConcurrentHashMap<>();
    private final AtomicInteger pieces = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();

    /** @param name application_name of the sessions */
    Copying(
            BackupOrder order,
            Target from,
            BackupFolder into,
            Gate gate,
            Session session,
            Snapshot snapshot,
            String name) {
        this.order = order;
        this.from = from;
        this.into = into;
        this.gate = gate;
        this.session = session;
        this.snapshot = snapshot;
        this.name = name;
    }

    /** @param locked called when it has its locks */
    Copied run(Runnable locked) throws SQLException, IOException {
        Connection connection = session.connection();
        gate.at(0, "reading the catalog");
        Selected selected = Selected.of(order.selection(), from, DatabaseObjects.tables(connection));
        selected.requireReadable(from.name(), connection);
        Snapshot.lock(session, selected.tables());
        locked.run();
        List<MadeObject> objects = DatabaseObjects.read(
                connection,
                selected.tables(),
                selected::takes,
                order.selection().takesAllObjects() && from.schemas().isEmpty());
        List<String> notContained = new ArrayList<>(Snapshot.notContained(session));
        List<CopiedTable> tables = copied(selected);
        snapshot.requireYoung();
        List<CopiedSequence> sequences = DatabaseObjects.sequences(connection, selected.ofTable());
        connection.rollback();
        selected.tables().stream()
                .filter(table -> !table.partitioned() && !selected.hasRows(table))
                .forEach(table ->
                        notContained.add("The rows of " + table.name() + " are not in the backup, as ordered."));
        return new Copied(
                snapshot.source(),
                snapshot.at().toInstant(),
                objects,
                tables,
                sequences,
                List.of(),
                List.copyOf(notContained),
                Map.of(),
                Optional.empty(),
                snapshot.collations());
    }

    /** The largest first, so that the end is not one session with the largest. */
    private List<CopiedTable> copied(Selected selected) throws SQLException, IOException {
        List<TablePiece> largestFirst = selected.tables().stream()
                .filter(selected::hasRows)
                .flatMap(table -> TablePiece.of(table).stream())
                .sorted(Comparator.comparingLong(TablePiece::bytes).reversed())
                .toList();
        long total =
                Math.max(1, largestFirst.stream().mapToLong(TablePiece::bytes).sum());
        Compression compression = into.compression(order);
        new Crew<>(from, name, gate, largestFirst)
                .work(
                        session,
                        order.sessions(),
                        snapshot::join,
                        (worker, piece) -> piece(worker.connection(), compression, piece, total, largestFirst.size()));
        List<CopiedTable> tables = new ArrayList<>();
        for (FoundTable table : selected.tables()) {
            tables.add(table(table, selected.hasRows(table)));
        }
        return tables;
    }

    private void piece(Connection connection, Compression compression, TablePiece piece, long total, int all)
            throws SQLException, IOException {
        List<ArchivedColumn> columns = columns(connection, piece.table());
        RowHashing hashing = RowHashing.of(connection, columns, into.format());
        TableWriter writer = new TableWriter(into, compression, gate, piece, columns, hashing, copied -> {
            gate.at(Math.min(0.99, (double) bytes.addAndGet(copied) / total), phase(all));
        });
        writer.write(connection);
        rows.addAndGet(writer.rows());
        done.put(piece, writer);
        pieces.incrementAndGet();
        gate.at(Math.min(0.99, (double) bytes.get() / total), phase(all));
    }

    private String phase(int all) {
        return pieces.get() + " of " + Amounts.count(all, "table or piece of one", "tables and pieces of tables") + ", "
                + Amounts.count(rows.get(), "row", "rows") + " copied";
    }

    private static List<ArchivedColumn> columns(Connection connection, FoundTable table) throws SQLException {
        return ArchiveSources.columns(connection, table.oid()).stream()
                .filter(column -> !column.computed())
                .toList();
    }

    /** A table, with what its pieces hold in their order. */
    private CopiedTable table(FoundTable table, boolean hasRows) throws SQLException {
        List<TableWriter> written =
                hasRows ? TablePiece.of(table).stream().map(done::get).toList() : List.of();
        return new CopiedTable(
                table.name(),
                table.parent(),
                !table.partitioned(),
                hasRows,
                columns(session.connection(), table),
                written.stream().mapToLong(TableWriter::rows).sum(),
                written.stream().map(TableWriter::hash).reduce(BigDecimal.ZERO, BigDecimal::add),
                written.stream().flatMap(writer -> writer.parts().stream()).toList());
    }
}
