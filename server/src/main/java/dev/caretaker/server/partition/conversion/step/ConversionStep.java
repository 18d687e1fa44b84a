package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.upkeep.step.ConstraintDebt;
import dev.caretaker.server.partition.upkeep.step.Constraints;
import dev.caretaker.server.partition.upkeep.step.PartitionStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a plain table the partition below a boundary of a new partitioned table. Unique keys that lack the partition key are built
 * beside it; a constraint then proves that all rows lie below the boundary; the partitioned table is prepared, empty; and in one
 * short transaction it takes the table's place. While the constraint stands rows from the boundary on are refused: it goes
 * whenever the step stops working, and well before the boundary is reached.
 */
final class ConversionStep extends PartitionStep<ConversionMemory> {
    private static final String CUT_OVER = "cut-over";
    private static final String CHECK = ConversionPlanner.CHECK;
    /** So long before the boundary the constraint goes, whatever is missing. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private final ConversionParameters parameters;
    private final ConversionOrder order;
    private final StepContext context;
    private final Progress progress;

    ConversionStep(ConversionParameters parameters, StepContext context, Progress progress) {
        super("convert", parameters.order().table().name());
        this.parameters = parameters;
        this.order = parameters.order();
        this.context = context;
        this.progress = progress;
    }

    @Override
    public long fencedOid() {
        return order.table().oid();
    }

    @Override
    public Class<ConversionMemory> memoryType() {
        return ConversionMemory.class;
    }

    @Override
    public ConversionMemory begin(Session session) {
        return ConversionMemory.NOTHING_DONE;
    }

    /** Asked for, or too late: both are looked at with a session. */
    @Override
    public Optional<String> awaits(ConversionMemory memory) {
        boolean waits = order.onRequest()
                && memory.checked()
                && memory.putOff()
                && !progress.isRequested(parameters)
                && !isLate();
        return waits ? Optional.of(waiting()) : Optional.empty();
    }

    private static String waiting() {
        return "All is ready: the cut-over waits until it is asked for.";
    }

    @Override
    public Next<ConversionMemory> next(Session session, ConversionMemory memory) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (now.converted()) {
            ConstraintDebt.strike(context, order.table().name(), CHECK);
            return new Done<>(Totals.NONE, progress.converted(parameters, context));
        }
        requireAsPlanned(now);
        requireTime();
        for (KeyIndex index : order.indexes()) {
            Optional<Statement> build = build(now, index);
            if (build.isPresent()) {
                return new Run<>(memory, build.get());
            }
        }
        Optional<Boolean> validated = Constraints.check(session, order.table().oid(), CHECK);
        if (validated.isEmpty()) {
            ConstraintDebt.owe(
                    context,
                    order.table().oid(),
                    order.table().name(),
                    CHECK,
                    order.table().name());
            return new Run<>(
                    memory.withCheck(true),
                    transaction(
                            "bound",
                            List.of("ALTER TABLE " + name() + " ADD CONSTRAINT " + Identifiers.quote(CHECK) + " CHECK ("
                                    + order.below() + ") NOT VALID")));
        }
        if (!validated.get()) {
            return new Run<>(
                    memory.withCheck(true),
                    // It reads the whole table: others that change partitions do not wait for their turn meanwhile.
                    new Statement(
                            "validate",
                            "ALTER TABLE " + name() + " VALIDATE CONSTRAINT " + Identifiers.quote(CHECK),
                            LockWait.TIMEOUT,
                            false));
        }
        if (!now.exists(order.prepared())) {
            return new Run<>(memory.withCheck(true), transaction("prepare", order.parent()));
        }
        if (order.onRequest() && !progress.isRequested(parameters)) {
            return new Await<>(memory.withCheck(true).later(), waiting());
        }
        return new Run<>(memory.withCheck(true), transaction(CUT_OVER, order.cutOver()));
    }

    private Optional<Statement> build(TableNow now, KeyIndex index) throws SQLException {
        Optional<Boolean> valid = now.index(index.name());
        if (valid.isPresent() && valid.get()) {
            return Optional.empty();
        }
        return Optional.of(
                valid.isPresent()
                        ? new Statement("drop-index", drop(index.name()), LockWait.DEADLINE, false)
                        : new Statement("build-index", index.sql(), LockWait.DEADLINE, false));
    }

    private static String drop(TableName index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + Identifiers.quote(index);
    }

    private void requireAsPlanned(TableNow now) throws SQLException {
        PlainTable table = now.plain()
                .orElseThrow(() -> changed("is not the table that was planned: it was dropped, renamed or replaced"));
        if (!now.isAsPlanned(table)) {
            throw changed("was altered since the conversion was planned; plan it again");
        }
    }

    private void requireTime() {
        if (isLate()) {
            throw CaretakerException.of(
                    Reason.PLAN_EXPIRED,
                    "The boundary " + order.boundary() + " is too near: rows from there on would be refused. Plan the"
                            + " conversion again.",
                    Map.of("table", order.table().name().toString()));
        }
    }

    private boolean isLate() {
        return order.boundaryTime()
                .filter(time -> context.clock().instant().isAfter(time.minus(MARGIN)))
                .isPresent();
    }

    @Override
    public ConversionMemory completed(
            Session session, ConversionMemory memory, Statement statement, List<SQLWarning> warnings) {
        return statement.label().equals(CUT_OVER) ? memory.withCheck(false) : memory;
    }

    /** The table cannot change any more once it is locked as the cut-over needs it. */
    @Override
    protected void requireUnchanged(Session session, ConversionMemory memory) throws SQLException {
        boolean exclusive =
                Constraints.check(session, order.table().oid(), CHECK).orElse(false)
                        && new TableNow(session, order).exists(order.prepared());
        Sql.of("LOCK TABLE ONLY " + name() + " IN " + (exclusive ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE")
                        + " MODE")
                .update(session.connection());
        requireAsPlanned(new TableNow(session, order));
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        List<Long> locks = new ArrayList<>(List.of(order.table().oid()));
        if (statement.label().equals(CUT_OVER)) {
            locks.addAll(order.referenced());
        }
        return locks;
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
            Sql.of("ALTER TABLE " + name() + " DROP CONSTRAINT " + Identifiers.quote(CHECK))
                    .update(session.connection());
        }
        ConstraintDebt.strike(context, order.table().name(), CHECK);
        return Optional.empty();
    }

    private String name() {
        return Identifiers.quote(order.table().name());
    }
}
