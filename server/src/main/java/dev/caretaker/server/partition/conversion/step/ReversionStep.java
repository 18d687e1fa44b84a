package dev.caretaker.server.partition.conversion.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Undoes a conversion, wherever it stands. After the cut-over that is one short transaction, as long as no row has reached the
 * boundary; nothing is moved. Before it, what was prepared goes.
 */
final class ReversionStep extends PartitionStep<ConversionMemory> {
    private static final String REVERT = "revert";
    private static final String CHECK = ConversionPlanner.CHECK;

    private final ConversionParameters parameters;
    private final ConversionOrder order;
    private final StepContext context;
    private final Progress progress;

    ReversionStep(ConversionParameters parameters, StepContext context, Progress progress) {
        super("revert", parameters.order().table().name());
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

    @Override
    public Next<ConversionMemory> next(Session session, ConversionMemory memory) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (now.converted()) {
            return new Run<>(memory, transaction(REVERT, order.revert()));
        }
        if (now.plain().isEmpty()) {
            throw changed("is neither the table that was converted nor what became of it");
        }
        if (Constraints.check(session, order.table().oid(), CHECK).isPresent()) {
            return new Run<>(
                    memory,
                    transaction(
                            "unbound",
                            List.of("ALTER TABLE "
                                    + Identifiers.quote(order.table().name()) + " DROP CONSTRAINT "
                                    + Identifiers.quote(CHECK))));
        }
        if (now.exists(order.prepared())) {
            return new Run<>(
                    memory, transaction("drop-prepared", List.of("DROP TABLE " + Identifiers.quote(order.prepared()))));
        }
        for (KeyIndex index : order.indexes()) {
            if (now.index(index.name()).isPresent()) {
                return new Run<>(
                        memory,
                        new Statement(
                                "drop-index",
                                "DROP INDEX CONCURRENTLY IF EXISTS " + Identifiers.quote(index.name()),
                                LockWait.DEADLINE,
                                false));
            }
        }
        if (memory.validated() < order.leftovers().size()) {
            return new Run<>(
                    memory.withValidated(),
                    new Statement("validate", order.leftovers().get(memory.validated()), LockWait.TIMEOUT, false));
        }
        return new Done<>(Totals.NONE, progress.reverted(parameters, context));
    }

    @Override
    public ConversionMemory completed(
            Session session, ConversionMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory;
    }

    /** Under the lock of the revert: no row may have come to the partitions that go. */
    @Override
    protected void requireUnchanged(Session session, ConversionMemory memory) throws SQLException {
        TableNow now = new TableNow(session, order);
        if (!now.converted()) {
            return;
        }
        Sql.of("LOCK TABLE " + Identifiers.quote(order.table().name()) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        if (!now.converted()) {
            throw changed("changed while its lock was awaited");
        }
        long rows = 0;
        for (TableName partition : others(session)) {
            rows += Sql.of("SELECT pg_catalog.count(*) FROM " + Identifiers.quote(partition))
                    .one(session.connection(), row -> row.getLong(1));
        }
        if (rows > 0) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "The conversion of " + order.table().name() + " cannot be reverted any more: " + rows
                            + (rows == 1 ? " row lies" : " rows lie") + " at or above its boundary " + order.boundary()
                            + ".",
                    Map.of("table", order.table().name().toString(), "rows", Long.toString(rows)));
        }
    }

    /** All partitions of the table but the one that it was. */
    private List<TableName> others(Session session) throws SQLException {
        return Sql.of(
                        "SELECT n.nspname, c.relname FROM pg_catalog.pg_inherits own"
                                + " JOIN pg_catalog.pg_inherits i ON i.inhparent = own.inhparent AND i.inhrelid <> own.inhrelid"
                                + " JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE own.inhrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid",
                        order.table().oid())
                .list(session.connection(), row -> new TableName(row.getString(1), row.getString(2)));
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return List.of(order.table().oid());
    }

    @Override
    public Optional<String> repair(Session session, ConversionMemory memory) {
        return Optional.empty();
    }
}
