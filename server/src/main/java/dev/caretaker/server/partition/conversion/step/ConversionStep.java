package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.table.HighestKey;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.upkeep.step.ConstraintDebt;
import dev.caretaker.server.partition.upkeep.step.Constraints;
import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes a plain table the partition below a boundary of a new partitioned table. Unique keys that lack the partition key are built
 * beside it; a constraint then proves that all rows lie below the boundary; the partitioned table is prepared, empty; and in one
 * short transaction it takes the table's place. While the constraint stands rows from the boundary on are refused: it goes
 * whenever the step stops working, and well before the boundary is reached.
 */
final class ConversionStep extends ConversionWork {
    private static final String CUT_OVER = "cut-over";
    private static final String BUILD = "build-index";
    private static final String VALIDATE = "validate";
    private static final String ANALYZE = "analyze";
    private static final String PREPARE = "prepare";
    private static final String CHECK = ConversionOrder.CHECK;
    /** So long before the boundary the constraint goes, whatever is missing. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private volatile boolean validating;
    private volatile boolean brokenOff;

    ConversionStep(ConversionParameters parameters, StepContext context, Progress progress) {
        super("convert", parameters, context, progress);
    }

    /** How near integers have come to the boundary is looked at with a session. */
    @Override
    public Optional<String> awaits(ConversionMemory memory) {
        boolean waits = memory.putOff() && order.near().isEmpty() && !isLate() && progress.isReady(parameters);
        return waits ? waiting() : Optional.empty();
    }

    private Optional<String> waiting() {
        return order.when()
                .awaits(progress.isRequested(parameters), context.clock().instant());
    }

    @Override
    public Next<ConversionMemory> next(Session session, ConversionMemory memory) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (now.converted()) {
            return converted(memory);
        }
        requireAsPlanned(now);
        requireTime(session);
        for (KeyIndex index : order.indexes()) {
            Optional<Statement> build = build(now, index);
            if (build.isPresent()) {
                return new Run<>(memory, build.get());
            }
        }
        Optional<Boolean> validated = Constraints.check(session, order.table().oid(), CHECK);
        if (validated.isEmpty()) {
            ConstraintDebt.owe(context, order.table().oid(), table(), CHECK, table());
            return new Run<>(memory.withCheck(true), transaction("bound", List.of(order.bound())));
        }
        ConversionMemory bound = memory.withCheck(true);
        validating = !validated.get();
        if (validating) {
            // It reads the whole table: others that change partitions do not wait for their turn meanwhile.
            return new Run<>(bound, new Statement(VALIDATE, order.validate(), LockWait.TIMEOUT, false));
        }
        if (!now.exists(order.prepared())) {
            return new Run<>(bound, transaction(PREPARE, order.parent()));
        }
        Optional<String> waiting = waiting();
        progress.ready(parameters, waiting.isPresent());
        return waiting.isPresent()
                ? new Await<>(bound.later(), waiting.get())
                : new Run<>(bound, transaction(CUT_OVER, order.cutOver()));
    }

    private Next<ConversionMemory> converted(ConversionMemory memory) {
        ConstraintDebt.strike(context, table(), CHECK);
        return memory.analyzed()
                ? new Done<>(Totals.NONE, progress.converted(parameters, context))
                : new Run<>(memory.withStatistics(), new Statement(ANALYZE, order.analyze(), LockWait.TIMEOUT, false));
    }

    private Optional<Statement> build(TableNow now, KeyIndex index) throws SQLException {
        Optional<Boolean> valid = now.index(index.name());
        if (valid.isPresent() && valid.get()) {
            return Optional.empty();
        }
        return Optional.of(
                valid.isPresent()
                        ? new Statement("drop-index", dropIndex(index.name()), LockWait.DEADLINE, false)
                        : new Statement(BUILD, index.sql(), LockWait.DEADLINE, false));
    }

    @Override
    public boolean excludesReaders(Statement statement) {
        return !statement.label().equals(PREPARE) && super.excludesReaders(statement);
    }

    @Override
    public Gentle gentle(Session session, Statement statement) throws SQLException {
        return switch (statement.label()) {
            case BUILD -> Gentle.ALONE;
            case ANALYZE -> isDelayed(session) ? Gentle.NOT : Gentle.BY_COST;
            default -> Gentle.NOT;
        };
    }

    /** Somebody has chosen a cost delay for the role or the database. */
    private static boolean isDelayed(Session session) throws SQLException {
        return Sql.of("SELECT pg_catalog.current_setting('vacuum_cost_delay') OPERATOR(pg_catalog.<>) '0'")
                .one(session.connection(), row -> row.getBoolean(1));
    }

    private void requireAsPlanned(TableNow now) throws SQLException {
        PlainTable plain = now.plain()
                .orElseThrow(() -> altered("is not the table that was planned: it was dropped, renamed or replaced"));
        if (!now.isAsPlanned(plain)) {
            throw altered("was altered since the conversion was planned; revert what was begun, and plan it again");
        }
    }

    private void requireTime(Session session) throws SQLException {
        if (isLate(session)) {
            throw late();
        }
    }

    private CaretakerException late() {
        return CaretakerException.of(
                Reason.PLAN_EXPIRED,
                "The boundary " + order.boundary()
                        + " is too near: rows from there on would be refused. Revert what was"
                        + " begun, and plan the conversion again.",
                details());
    }

    private boolean isLate(Session session) throws SQLException {
        return isLate()
                || order.near().isPresent()
                        && HighestKey.reaches(
                                session.connection(),
                                table(),
                                order.key(),
                                order.keyType(),
                                order.near().get());
    }

    private boolean isLate() {
        return order.boundaryTime()
                .filter(time -> context.clock().instant().isAfter(time.minus(MARGIN)))
                .isPresent();
    }

    /** A table may be read for hours: should the boundary come near meanwhile, that is broken off. */
    @Override
    public Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        if (validating && isLate(observer)) {
            brokenOff = true;
            Sql.of("SELECT pg_catalog.pg_cancel_backend(?)", pid).one(observer.connection(), row -> row.getBoolean(1));
        }
        return Optional.empty();
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        return brokenOff && PostgresErrors.QUERY_CANCELED.equals(error.getSQLState())
                ? Optional.of(late())
                : super.explain(statement, error);
    }

    /** The table is partitioned; statistics can be gathered by whoever looks into what kept them from it. */
    @Override
    public Optional<ConversionMemory> tolerate(ConversionMemory memory, Statement statement, SQLException error) {
        boolean refused = statement.label().equals(ANALYZE)
                && !PostgresErrors.isConnectionLoss(error)
                && !PostgresErrors.isRetryable(error);
        if (!refused) {
            return Optional.empty();
        }
        context.warn(
                "NOT_ANALYZED",
                "The table is partitioned, but statistics were not gathered: " + PostgresErrors.whole(error),
                details());
        return Optional.of(memory.withStatistics());
    }

    @Override
    public ConversionMemory completed(
            Session session, ConversionMemory memory, Statement statement, List<SQLWarning> warnings) {
        return statement.label().equals(CUT_OVER) ? memory.withCheck(false) : memory;
    }

    /** The table cannot change any more once it is locked as the cut-over needs it. */
    @Override
    protected void requireUnchanged(Session session, ConversionMemory memory, Statement statement) throws SQLException {
        boolean exclusive = statement.label().equals(CUT_OVER);
        Sql.of("LOCK TABLE ONLY " + name() + " IN " + (exclusive ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE")
                        + " MODE")
                .update(session.connection());
        requireAsPlanned(new TableNow(session, order));
    }

    @Override
    protected String exchange() {
        return CUT_OVER;
    }

    @Override
    public boolean guarded(ConversionMemory memory) {
        return memory.checked();
    }

    /** The constraint goes; what was built and prepared stays for the next try, or goes with the revert. */
    @Override
    public Optional<String> repair(Session session, ConversionMemory memory) throws SQLException {
        if (Constraints.check(session, order.table().oid(), CHECK).isPresent()
                && new TableNow(session, order).plain().isPresent()) {
            Sql.of(order.unbound()).update(session.connection());
        }
        ConstraintDebt.strike(context, table(), CHECK);
        progress.ready(parameters, false);
        return Optional.empty();
    }
}
