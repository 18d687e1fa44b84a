package dev.caretaker.server.backup.copy;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.archive.StoredRows;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.backup.BackupFolder;
import dev.caretaker.server.backup.BackupManifest;
import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Loads the rows of a table copy, several objects at a time, so that one large table keeps all sessions busy. */
final class CopiedRows implements Restoring.RowLoader {
    private final BackupManifest manifest;
    private final Target into;
    private final BackupFolder from;
    private final Gate gate;
    private final AtomicInteger parts = new AtomicInteger();
    private final AtomicLong rows = new AtomicLong();
    private final Map<TableName, String> refused = new ConcurrentHashMap<>();

    CopiedRows(BackupManifest manifest, Target into, BackupFolder from, Gate gate) {
        this.manifest = manifest;
        this.into = into;
        this.from = from;
        this.gate = gate;
    }

    @Override
    public Map<TableName, String> load(Session session, String name, List<CopiedTable> tables)
            throws SQLException, IOException {
        List<Load> largestFirst = tables.stream()
                .flatMap(table -> table.parts().stream().map(object -> new Load(table, object)))
                .sorted(Comparator.comparingLong((Load load) -> load.object().bytes())
                        .reversed())
                .toList();
        long all = Math.max(1, tables.stream().mapToLong(CopiedTable::rows).sum());
        new Crew<>(into, name, gate, largestFirst)
                .work(
                        session,
                        manifest.order().sessions(),
                        Restoring::ready,
                        (worker, load) -> load(worker.connection(), load, all, largestFirst.size()));
        return Map.copyOf(refused);
    }

    private record Load(CopiedTable table, Manifest.Part object) {}

    private void load(Connection connection, Load load, long all, int count) throws SQLException, IOException {
        if (refused.containsKey(load.table().table())) {
            return;
        }
        connection.setAutoCommit(false);
        try {
            TextSettings.apply(connection);
            Sql.of("SET LOCAL idle_in_transaction_session_timeout = 0").execute(connection);
            copy(connection, load.table(), load.object());
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (Unmade.Why.of(e) != Unmade.Why.REFUSED) {
                throw e;
            }
            refused.put(load.table().table(), PostgresErrors.clause(e)); // the other tables can stand without it
        } catch (IOException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        gate.at(
                0.7 * rows.addAndGet(load.object().rows()) / all,
                parts.incrementAndGet() + " of " + Amounts.count(count, "part", "parts") + " loaded");
    }

    private void copy(Connection connection, CopiedTable table, Manifest.Part object) throws SQLException, IOException {
        String columns = table.columns().stream()
                .map(ArchivedColumn::name)
                .map(Identifiers::quote)
                .collect(Collectors.joining(", "));
        String sql = "COPY " + Identifiers.quote(table.table()) + (columns.isEmpty() ? "" : " (" + columns + ")")
                + " FROM STDIN (FORMAT csv)";
        try (StoredRows stored = from.rows(manifest, table, object)) {
            RowPipe.copy(connection, sql, buffer -> {
                int piece = 0;
                while (stored.next(buffer::write)) {
                    if (++piece % 1_000 == 0) {
                        gate.pass();
                    }
                }
            });
        }
    }
}
