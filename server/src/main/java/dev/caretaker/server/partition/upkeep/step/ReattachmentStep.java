package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Attaches a held partition again. Its constraint implies its bound, so that nothing is scanned; the constraint goes in the same
 * transaction.
 */
final class ReattachmentStep extends PartitionStep<ReattachmentMemory> {
    private static final String ATTACH = "attach";

    private final RetiredReattachment order;
    private final StepContext context;
    private final RetiredStore retired;
    private List<Long> locks = List.of();
    private Optional<Long> parentOid = Optional.empty();
    private boolean backedUp;

    ReattachmentStep(RetiredReattachment order, StepContext context, RetiredStore retired) {
        super("attach again", order.partition());
        this.order = order;
        this.context = context;
        this.retired = retired;
    }

    @Override
    public long fencedOid() {
        return order.oid();
    }

    @Override
    public Class<ReattachmentMemory> memoryType() {
        return ReattachmentMemory.class;
    }

    @Override
    public ReattachmentMemory begin(Session session) {
        return ReattachmentMemory.NOTHING_DONE;
    }

    @Override
    public Next<ReattachmentMemory> next(Session session, ReattachmentMemory memory) throws SQLException {
        PartitionState state = PartitionState.read(session, order.oid()).orElseThrow(() -> changed("was dropped"));
        if (state.isAttached()) {
            if (memory.guarded()) {
                DefaultGuard.repair(context, session, parent(session));
            }
            retired.move(
                    context.target(),
                    order.systemId(),
                    order.oid(),
                    RetiredRow.State.ATTACHED,
                    context.clock().instant().truncatedTo(ChronoUnit.MICROS));
            return new Done<>(Totals.NONE, "It is a partition of " + order.parent() + " again.");
        }
        if (!state.name().equals(order.partition())) {
            throw changed("is called " + state.name() + " now");
        }
        Parent parent = parent(session);
        parentOid = Optional.of(parent.oid());
        backedUp = DefaultGuard.isBackedUp(session, parent) || DefaultGuard.isBackedUp(session, order.oid());
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later(), "Locks were not had for a while: other steps go first.");
        }
        locks = new ArrayList<>(List.of(parent.oid(), order.oid()));
        locks.addAll(DefaultGuard.locks(parent));
        locks.addAll(parent.referenced());
        Optional<Statement> guard = DefaultGuard.next(
                context,
                session,
                parent,
                List.of(PartitionSql.within(parent.key(), parent.keyType(), order.from(), order.to())),
                DefaultGuard.Standing.THEIRS);
        if (guard.isPresent()) {
            return new Run<>(memory.withGuard(), guard.get());
        }
        List<String> statements = new ArrayList<>(List.of(PartitionSql.attach(
                order.parent(), order.partition(), Optional.of(order.from()), Optional.of(order.to()))));
        if (Constraints.check(session, order.oid(), PartitionSql.HELD).isPresent()) {
            statements.add(PartitionSql.dropConstraint(order.partition(), PartitionSql.HELD));
        }
        statements.addAll(DefaultGuard.release(session, parent));
        return new Run<>(memory, transaction(ATTACH, statements));
    }

    /** By its name: it may have been made anew since the partition left it. */
    private Parent parent(Session session) throws SQLException {
        long oid = Sql.of(
                        "SELECT c.oid::pg_catalog.int8 FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relname = ?",
                        order.parent().schema(),
                        order.parent().name())
                .first(session.connection(), row -> row.getLong(1))
                .orElseThrow(() -> gone(order.parent()));
        return Parent.require(session, oid, order.parent());
    }

    private static CaretakerException gone(TableName parent) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "There is no table " + parent + " any more.",
                Map.of("table", parent.toString()));
    }

    @Override
    public ReattachmentMemory completed(
            Session session, ReattachmentMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory;
    }

    @Override
    protected void requireUnchanged(Session session, ReattachmentMemory memory, Statement statement)
            throws SQLException {
        lock(session, parentOid.orElseThrow(), order.parent());
        PartitionState state = PartitionState.read(session, order.oid()).orElseThrow(() -> changed("was dropped"));
        if (!state.name().equals(order.partition()) || state.isAttached()) {
            throw changed("was renamed or attached by somebody else");
        }
    }

    /** A backup waits for its guard, so it waits for a backup only where that has its locks. */
    @Override
    public boolean excludesReaders(Statement statement) {
        return backedUp && super.excludesReaders(statement);
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return locks;
    }

    @Override
    public boolean guarded(ReattachmentMemory memory) {
        return memory.guarded();
    }

    @Override
    public Optional<String> repair(Session session, ReattachmentMemory memory) throws SQLException {
        if (memory.guarded()) {
            Parent parent = parent(session);
            return DefaultGuard.repair(context, session, parent);
        }
        return Optional.empty();
    }
}
