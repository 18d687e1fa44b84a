package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Vacuums and analyzes one table, if it is worth it after what the run deleted, and tells what became of the space: most of
 * it is free for new rows, and what lay at the table's end goes back to the file system.
 */
final class VacuumStep implements StatementStep<VacuumMemory> {
    private final VacuumRequest request;
    private final StepContext context;

    VacuumStep(VacuumRequest request, StepContext context) {
        this.request = request;
        this.context = context;
    }

    @Override
    public long fencedOid() {
        return request.oid();
    }

    @Override
    public Class<VacuumMemory> memoryType() {
        return VacuumMemory.class;
    }

    @Override
    public VacuumMemory begin(Session session) throws SQLException {
        String now =
                Sql.of("SELECT pg_catalog.clock_timestamp()::text").one(session.connection(), row -> row.getString(1));
        return new VacuumMemory(now, table(session).map(Table::bytes).orElse(0L), false, Optional.empty());
    }

    @Override
    public Next<VacuumMemory> next(Session session, VacuumMemory memory) throws SQLException {
        Optional<Table> table = table(session);
        if (table.isEmpty()) {
            return new Skip<>("Table " + request.table() + " is gone.");
        }
        if (memory.ran()) {
            return memory.skipped().isPresent()
                    ? new Skip<>("The server did not vacuum " + request.table() + ": "
                            + memory.skipped().get())
                    : done(session, memory, table.get());
        }
        Optional<String> notWorthIt = notWorthIt();
        if (notWorthIt.isPresent()) {
            return new Skip<>(notWorthIt.get());
        }
        String sql = "VACUUM (ANALYZE) " + Identifiers.quote(table.get().name());
        return new Run<>(memory, new Statement("vacuum", sql, LockWait.TIMEOUT, false));
    }

    private Optional<String> notWorthIt() {
        long deleted = deleted().rowsDeleted();
        double share = (double) deleted / Math.max(1, request.tableRows());
        boolean worthIt = switch (request.mode()) {
            case ALWAYS -> true;
            case WHEN_DELETED -> deleted > 0;
            case AUTO -> deleted >= request.minimumRows() && share >= request.minimumShare();
        };
        return worthIt
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Not worth it: %d of about %d rows were deleted from %s.",
                        deleted,
                        request.tableRows(),
                        request.table()));
    }

    private Totals deleted() {
        return context.doneSoFar().getOrDefault(request.table(), Totals.NONE);
    }

    private Next<VacuumMemory> done(Session session, VacuumMemory memory, Table table) throws SQLException {
        long returned = Math.max(0, memory.bytesBefore() - table.bytes());
        Totals deleted = deleted();
        long stuck = deadRows(session, memory).orElse(0L);
        double removed = Math.clamp(1 - (double) stuck / Math.max(1, deleted.rowsDeleted()), 0, 1);
        long reusable = Math.max(0, (long) (deleted.bytesDeleted() * removed) - returned);
        String message = "Vacuumed: about " + reusable + " bytes are free for new rows, " + returned
                + " bytes went back to the file system."
                + (stuck == 0 ? "" : " " + stuck + " dead rows had to stay, because old snapshots may still see them.");
        return new Done<>(Totals.ofSpace(reusable, returned), message);
    }

    /**
     * A table that VACUUM may not touch or cannot lock is skipped with no more than a warning. Whether it was vacuumed is in
     * the statistics, up to a second later on servers before 15.
     */
    @Override
    public VacuumMemory completed(Session session, VacuumMemory memory, Statement statement, List<SQLWarning> warnings)
            throws SQLException {
        Optional<Long> report = deadRows(session, memory);
        if (report.isEmpty()) {
            Sql.of("SELECT pg_catalog.pg_sleep(1)").list(session.connection(), row -> row.getString(1));
            report = deadRows(session, memory);
        }
        boolean vacuumed = report.isPresent();
        return memory.returned(
                warnings.stream().map(SQLWarning::getMessage).findFirst().filter(words -> !vacuumed));
    }

    private Optional<Long> deadRows(Session session, VacuumMemory memory) throws SQLException {
        return Sql.resource("vacuum/dead_rows", Long.toString(request.oid()), memory.started())
                .first(session.connection(), row -> row.getLong("dead"));
    }

    @Override
    public Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        return Sql.resource("vacuum/progress", pid, pid)
                .first(
                        observer.connection(),
                        row -> new StatementProgress(
                                row.getString("phase"), row.getDouble("fraction"), row.getLong("bytes_done")));
    }

    private Optional<Table> table(Session session) throws SQLException {
        return Sql.resource("vacuum/table", Long.toString(request.oid()))
                .first(
                        session.connection(),
                        row -> new Table(
                                new TableName(row.getString("schema"), row.getString("name")), row.getLong("bytes")));
    }

    /** The table as it is now, whatever its name. */
    private record Table(TableName name, long bytes) {}
}
