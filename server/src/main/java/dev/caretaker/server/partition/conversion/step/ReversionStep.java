package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.upkeep.step.ConstraintDebt;
import dev.caretaker.server.partition.upkeep.step.Constraints;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes a conversion, wherever it stands. After the cut-over that is one short transaction, which brings along the rows that
 * have reached the boundary as long as they are few. Before it, what was prepared goes.
 */
final class ReversionStep extends ConversionWork {
    private static final String REVERT = "revert";
    /** Beyond that rows are not counted: it makes no difference, and takes long. */
    private static final int MOST_COUNTED = 1_000_000;

    private long brought;

    ReversionStep(ConversionParameters parameters, StepContext context, Progress progress) {
        super("revert", parameters, context, progress);
    }

    @Override
    public Next<ConversionMemory> next(Session session, ConversionMemory memory) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (now.converted()) {
            requireFew(now.countAbove(MOST_COUNTED));
            return new Run<>(memory, transaction(REVERT, order.revert()));
        }
        if (now.plain().isEmpty() && now.isThere()) {
            throw altered("is neither the table that was converted nor what became of it");
        }
        if (Constraints.check(session, order.table().oid(), ConversionOrder.CHECK)
                .isPresent()) {
            return new Run<>(memory, transaction("unbound", List.of(order.unbound())));
        }
        ConstraintDebt.strike(context, table(), ConversionOrder.CHECK);
        if (now.isPrepared()) {
            return new Run<>(
                    memory, transaction("drop-prepared", List.of("DROP TABLE " + Identifiers.quote(order.prepared()))));
        }
        for (KeyIndex index : order.indexes()) {
            if (now.index(index.name()).isPresent()) {
                return new Run<>(
                        memory, new Statement("drop-index", dropIndex(index.name()), LockWait.DEADLINE, false));
            }
        }
        if (now.isThere() && memory.validated() < order.leftovers().size()) {
            return new Run<>(
                    memory.withValidated(),
                    new Statement("validate", order.leftovers().get(memory.validated()), LockWait.TIMEOUT, false));
        }
        return new Done<>(Totals.NONE, progress.reverted(parameters, context) + brought(memory));
    }

    private String brought(ConversionMemory memory) {
        return memory.brought() == 0
                ? ""
                : " It has " + rows(memory.brought()) + " from above the boundary that came since.";
    }

    @Override
    public ConversionMemory completed(
            Session session, ConversionMemory memory, Statement statement, List<SQLWarning> warnings) {
        if (!statement.label().equals(REVERT)) {
            return memory;
        }
        progress.plainAgain(parameters);
        return memory.withBrought(brought);
    }

    /** Under the lock of the revert nobody adds rows any more; what is prepared and goes must be empty. */
    @Override
    protected void requireUnchanged(Session session, ConversionMemory memory, Statement statement) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (now.converted()) {
            lockWhole(session, table());
            share(others(statement) + now.partitions());
            lock(session, table());
            if (!now.converted()) {
                throw altered("changed while its lock was awaited");
            }
            brought = now.countAbove(ConversionOrder.MOST_BROUGHT);
            requireFew(brought);
        } else if (now.isPrepared()) {
            lock(session, order.prepared());
            if (!now.isPreparedEmpty()) {
                throw altered("cannot be reverted: rows lie in " + order.prepared() + ", which was prepared empty");
            }
        }
    }

    private static void lock(Session session, TableName table) throws SQLException {
        Sql.of("LOCK TABLE " + Identifiers.quote(table) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
    }

    private void requireFew(long above) {
        long most = order.brings() ? ConversionOrder.MOST_BROUGHT : 0;
        if (above > most) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "The conversion of " + table() + " cannot be reverted any more: "
                            + (above > MOST_COUNTED ? "more than 1,000,000 rows lie" : lie(above))
                            + " at or above its boundary " + order.boundary()
                            + (order.brings()
                                    ? ", and only " + rows(most) + " would be brought along."
                                    : ", and a rule of the table would divert them."),
                    Map.of("table", table().toString(), "rows", Long.toString(above)));
        }
    }

    private static String lie(long rows) {
        return rows(rows) + (rows == 1 ? " lies" : " lie");
    }

    private static String rows(long rows) {
        return String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
    }

    @Override
    protected String exchange() {
        return REVERT;
    }

    @Override
    public Optional<String> repair(Session session, ConversionMemory memory) {
        return Optional.empty();
    }
}
