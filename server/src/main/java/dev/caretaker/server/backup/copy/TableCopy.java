package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.backup.BackupEngine;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.DatabaseObjects;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.backup.Gate;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Restored;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Copies tables by COPY, and objects as statements. */
@Singleton
public final class TableCopy implements BackupEngine {
    private final Formats formats;

    TableCopy(Formats formats) {
        this.formats = formats;
    }

    @Override
    public BackupOrder.Engine name() {
        return BackupOrder.Engine.TABLE_COPY;
    }

    @Override
    public void require(BackupOrder order, Target from) {
        formats.compression(order.compression());
    }

    @Override
    public Copied copy(BackupOrder order, Target from, BackupFolder into, Gate gate) throws SQLException, IOException {
        String name = "caretaker/backup " + order.id();
        try (Session session = from.openSession(name);
                Gate.Registration _ = Crew.watched(gate, session)) {
            Snapshot snapshot = Snapshot.begin(session, order.longestSnapshot());
            return new Copying(order, from, into, gate, session, snapshot, name).run();
        }
    }

    @Override
    public Restored restore(BackupManifest manifest, RestorePart part, Target into, BackupFolder from, Gate gate)
            throws SQLException, IOException {
        return new Restoring(manifest, part, into, gate, new CopiedRows(manifest, into, from, gate)).run();
    }

    /** One copy. */
    private static final class Copying {
        private final BackupOrder order;
        private final Target from;
        private final BackupFolder into;
        private final Gate gate;
        private final Session session;
        private final Snapshot snapshot;
        private final String name;
        private final Map<TableName, CopiedTable> done = new ConcurrentHashMap<>();
        private final AtomicInteger tables = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicLong rows = new AtomicLong();

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

        Copied run() throws SQLException, IOException {
            Connection connection = session.connection();
            gate.at(0, "reading the catalog");
            Selected selected = Selected.of(order.selection(), from, DatabaseObjects.tables(connection));
            selected.requireReadable(from.name());
            Snapshot.lock(session, selected.tables());
            Set<TableName> names = new HashSet<>();
            selected.tables().forEach(table -> names.add(table.name()));
            DatabaseObjects.sequences(connection, taken(selected, names)); // none that may not be read
            List<MadeObject> objects = DatabaseObjects.read(
                    connection,
                    selected.tables(),
                    selected::takes,
                    order.selection().takesAllObjects() && from.schemas().isEmpty());
            List<String> notContained = new ArrayList<>(Snapshot.notContained(session));
            rows(selected);
            snapshot.requireYoung();
            List<CopiedSequence> sequences = DatabaseObjects.sequences(connection, taken(selected, names));
            connection.rollback();
            selected.tables().stream()
                    .filter(table -> !table.partitioned() && !selected.hasRows(table))
                    .forEach(table ->
                            notContained.add("The rows of " + table.name() + " are not in the backup, as ordered."));
            return new Copied(
                    snapshot.source(),
                    snapshot.at().toInstant(),
                    objects,
                    selected.tables().stream()
                            .map(table -> done.get(table.name()))
                            .toList(),
                    sequences,
                    List.of(),
                    List.copyOf(notContained),
                    Map.of(),
                    Optional.empty());
        }

        private static Predicate<TableName> taken(Selected selected, Set<TableName> names) {
            return name -> names.contains(name) || selected.takes(name);
        }

        /** The largest first, so that the end is not one session with the largest. */
        private void rows(Selected selected) throws SQLException, IOException {
            List<FoundTable> largestFirst = selected.tables().stream()
                    .sorted(Comparator.comparingLong(FoundTable::bytes).reversed())
                    .toList();
            long total = Math.max(
                    1,
                    largestFirst.stream()
                            .filter(selected::hasRows)
                            .mapToLong(FoundTable::bytes)
                            .sum());
            Compression compression = into.compression(order);
            new Crew<>(from, name, gate, largestFirst)
                    .work(
                            session,
                            order.sessions(),
                            snapshot::join,
                            (worker, table) -> table(
                                    worker.connection(),
                                    compression,
                                    table,
                                    selected.hasRows(table),
                                    total,
                                    largestFirst.size()));
        }

        private void table(
                Connection connection, Compression compression, FoundTable table, boolean hasRows, long total, int all)
                throws SQLException, IOException {
            List<ArchivedColumn> columns = ArchiveSources.columns(connection, table.oid()).stream()
                    .filter(column -> !column.computed())
                    .toList();
            TableWriter writer = new TableWriter(into, compression, snapshot, gate, table.name(), columns, copied -> {
                gate.at(Math.min(0.99, (double) bytes.addAndGet(copied) / total), phase(all));
            });
            if (hasRows) {
                writer.write(connection);
            }
            rows.addAndGet(writer.rows());
            done.put(
                    table.name(),
                    new CopiedTable(
                            table.name(),
                            table.parent(),
                            !table.partitioned(),
                            hasRows,
                            columns,
                            writer.rows(),
                            hasRows ? writer.hash() : BigDecimal.ZERO,
                            writer.parts()));
            tables.incrementAndGet();
            gate.at(Math.min(0.99, (double) bytes.get() / total), phase(all));
        }

        private String phase(int all) {
            return tables.get() + " of " + Amounts.count(all, "table", "tables") + ", "
                    + Amounts.count(rows.get(), "row", "rows") + " copied";
        }
    }
}
