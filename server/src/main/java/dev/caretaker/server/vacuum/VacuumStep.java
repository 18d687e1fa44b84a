package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.vacuum.VacuumOutcome.Words;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Vacuums, analyzes or rewrites one table, if it is worth it after what the run deleted, and tells what became of the space:
 * most of it is free for new rows, and what lay at the table's end goes back to the file system. A table whose lock is not
 * had is put off until the run's other steps are done, and skipped if it is not had then either.
 */
final class VacuumStep implements StatementStep<VacuumMemory> {
    private static final int MOST_TRIES = 2;

    private final VacuumRequest request;
    private final VacuumOptions options;
    private final StepContext context;
    /** What the memory has the words of. */
    private Optional<SQLException> failure = Optional.empty();

    VacuumStep(VacuumRequest request, StepContext context) {
        this.request = request;
        this.options = request.options();
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
        Optional<TableFigures> table = TableFigures.read(session, request.oid());
        if (table.isPresent() && notWorthIt().isEmpty()) {
            new VacuumWarnings(context, request).before(session, table.get());
        }
        return VacuumMemory.begin(now, table);
    }

    @Override
    public Next<VacuumMemory> next(Session session, VacuumMemory memory) throws SQLException {
        Optional<TableFigures> table = TableFigures.read(session, request.oid());
        if (table.isEmpty()) {
            return new Skip<>("Table " + request.table() + " is gone.");
        }
        if (memory.failed().isPresent()) {
            return new AnalyzeFailure(request, deleted(), changed(), failure).of(session, memory, table.get());
        }
        if (memory.ran()) {
            return memory.skipped().isPresent()
                    ? new Skip<>(
                            "The server did not " + Words.of(options.verb()).todo() + " " + request.table() + ": "
                                    + memory.skipped().get())
                    : new VacuumOutcome(request, deleted(), changed()).of(session, memory, table.get());
        }
        Optional<String> notWorthIt = notWorthIt();
        if (notWorthIt.isPresent()) {
            return new Skip<>(notWorthIt.get());
        }
        TableUse use = TableUse.of(session, request.oid());
        if (memory.missed() >= MOST_TRIES) {
            return new Skip<>("Not " + Words.of(options.verb()).done() + ": " + request.table()
                    + " could not be locked, twice." + use.sentence());
        }
        if (memory.missed() > 0 && !memory.putOff()) {
            return new Later<>(
                    memory.untilLater(),
                    "Table " + request.table() + " is locked; it is tried once more at the end." + use.sentence());
        }
        if (options.verb() == Verb.REPACK) {
            List<String> obstacles = Repack.obstacles(session.connection(), request.oid());
            if (!obstacles.isEmpty()) {
                return new Skip<>(
                        "Table " + request.table() + " cannot be repacked: " + String.join("; ", obstacles) + ".");
            }
        }
        VacuumStatement.prepare(session, options);
        String sql = VacuumStatement.sql(options, table.get().name(), session.capabilities(), use.inUse());
        LockWait wait = options.verb() == Verb.REPACK ? LockWait.DEADLINE : LockWait.TIMEOUT;
        return new Run<>(memory, new Statement(options.verb().stepKind(), sql, wait, false));
    }

    @Override
    public boolean excludesReaders(Statement statement) {
        return options.verb() == Verb.FULL || options.verb() == Verb.REPACK;
    }

    @Override
    public Gentle gentle(Session session, Statement statement) throws SQLException {
        return VacuumStatement.gentle(session, options);
    }

    private Optional<String> notWorthIt() {
        long deleted = changed();
        double share = (double) deleted / Math.max(1, request.tableRows());
        boolean worthIt = switch (request.mode()) {
            case ALWAYS -> true;
            case WHEN_DELETED -> deleted > 0;
            case AUTO -> deleted >= request.minimumRows() && share >= request.minimumShare();
        };
        return worthIt
                ? Optional.empty()
                : Optional.of("Not worth it: " + Amounts.count(deleted) + " of about "
                        + Amounts.count(request.tableRows(), "row was", "rows were") + " removed from "
                        + request.table() + ".");
    }

    /** Rows of the table that the run made dead, through foreign keys too. */
    private long changed() {
        long cascaded = context.doneSoFar().values().stream()
                .flatMap(done -> done.cascaded().stream())
                .filter(cascade -> cascade.table().equals(request.table()))
                .mapToLong(Totals.Cascaded::rows)
                .sum();
        return deleted().rowsDeleted() + cascaded;
    }

    private Totals deleted() {
        return context.doneSoFar().getOrDefault(request.table(), Totals.NONE);
    }

    /**
     * A lock that is not had is no failure: there may be better to do meanwhile. Nor is a foreign partition that cannot be
     * read for the statistics of the whole: the other tables have theirs made. Of a statement that fails for good in its ANALYZE
     * the first part was done, and committed.
     */
    @Override
    public Optional<VacuumMemory> tolerate(VacuumMemory memory, Statement statement, SQLException error) {
        if (PostgresErrors.LOCK_NOT_AVAILABLE.equals(error.getSQLState())) {
            return Optional.of(memory.lockMissed());
        }
        if (PostgresErrors.isOfForeignServer(error)) {
            return Optional.of(memory.returned(Optional.of(PostgresErrors.whole(error))));
        }
        boolean forGood = !PostgresErrors.isRetryable(error) && !PostgresErrors.isConnectionLoss(error);
        if (forGood && options.analyze() && options.verb() != Verb.ANALYZE) {
            failure = Optional.of(error);
            return Optional.of(memory.failed(PostgresErrors.whole(error)));
        }
        return Optional.empty();
    }

    /**
     * A table that VACUUM may not touch or cannot lock is skipped with no more than a warning. Whether it was done in spite
     * of one is in the statistics or, for a rewrite, in its file.
     */
    @Override
    public VacuumMemory completed(Session session, VacuumMemory memory, Statement statement, List<SQLWarning> warnings)
            throws SQLException {
        ServerReport report = new ServerReport(session, request, memory);
        if (warnings.isEmpty() || report.tellsOfIt()) {
            report.await();
            warnings.forEach(warning -> context.warn(
                    "SERVER_WARNING",
                    warning.getMessage(),
                    Map.of("table", request.table().toString())));
            return memory.returned(Optional.empty());
        }
        boolean locked =
                warnings.stream().anyMatch(warning -> PostgresErrors.LOCK_NOT_AVAILABLE.equals(warning.getSQLState()));
        return locked
                ? memory.lockMissed()
                : memory.returned(Optional.of(warnings.getFirst().getMessage()));
    }

    @Override
    public Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        Sql sql = options.verb() == Verb.REPACK
                ? Sql.resource("vacuum/repack_progress", pid)
                : Sql.resource("vacuum/progress", pid, pid, pid);
        return sql.first(observer.connection(), row -> {
            double fraction = row.getDouble("fraction");
            return new StatementProgress(
                    row.getString("phase"), row.wasNull() ? -1 : fraction, row.getLong("bytes_done"));
        });
    }
}
