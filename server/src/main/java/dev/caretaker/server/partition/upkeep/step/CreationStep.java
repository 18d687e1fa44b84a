package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a partition on its own and attaches it, in one short transaction: whatever dies in between, nothing is left. The table
 * is only locked as ATTACH locks it (SHARE UPDATE EXCLUSIVE, which lets reads and writes pass), and the attach comes last. No
 * foreign key is made beforehand: the attach makes them under SHARE ROW EXCLUSIVE of the referenced table, whereas merging one
 * that is there takes ACCESS EXCLUSIVE.
 */
final class CreationStep extends PartitionStep<CreationMemory> {
    private static final String ATTACH = "attach";

    private final PartitionCreation order;
    private final StepContext context;
    private List<Long> locks = List.of();

    CreationStep(PartitionCreation order, StepContext context) {
        super("create", order.partition());
        this.order = order;
        this.context = context;
    }

    @Override
    public long fencedOid() {
        return order.parentOid();
    }

    @Override
    public Class<CreationMemory> memoryType() {
        return CreationMemory.class;
    }

    @Override
    public CreationMemory begin(Session session) {
        return CreationMemory.NOTHING_DONE;
    }

    @Override
    public Next<CreationMemory> next(Session session, CreationMemory memory) throws SQLException {
        Parent parent = Parent.require(session, order.parentOid(), order.parent());
        Optional<PartitionState> found = PartitionState.read(session, order.partition());
        if (found.isPresent()) {
            return existing(session, memory, found.get(), parent);
        }
        if (order.from().isEmpty() && parent.defaultPartition().isPresent()) {
            return new Skip<>("The table has a default partition by now.");
        }
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later(), "Locks were not had for a while: other steps go first.");
        }
        locks = locks(parent);
        if (order.from().isPresent()) {
            String within = PartitionSql.within(
                    parent.key(),
                    parent.keyType(),
                    order.from().get(),
                    order.to().orElseThrow());
            Optional<Statement> guard = DefaultGuard.next(context, session, parent, within);
            if (guard.isPresent()) {
                return new Run<>(memory.withGuard(), guard.get());
            }
        }
        List<String> statements = new ArrayList<>(
                Sibling.read(session, order.parentOid()).create(session, order.partition(), order.parent()));
        statements.add(PartitionSql.attach(order.parent(), order.partition(), order.from(), order.to()));
        statements.addAll(DefaultGuard.release(session, parent));
        return new Run<>(memory, transaction(ATTACH, statements));
    }

    /** Created and attached by us or by another server; or something else that has its name. */
    private Next<CreationMemory> existing(Session session, CreationMemory memory, PartitionState state, Parent parent)
            throws SQLException {
        boolean meant = state.parentOid() == order.parentOid() && state.covers(order.from(), order.to());
        if (!meant || state.pending()) {
            throw changed("is not created: another relation has its name");
        }
        if (memory.guarded()) {
            DefaultGuard.repair(context, session, parent);
        }
        Optional<Statement> identity = replicaIdentity(session, state);
        if (identity.isPresent()) {
            return new Run<>(memory, identity.get());
        }
        return memory.attached()
                ? new Done<>(Totals.NONE, "Created " + order.range() + ".")
                : new Done<>(Totals.NONE, "Exists already " + order.range() + ".");
    }

    /** The index that identifies rows for replication exists only once the partition is attached. */
    private Optional<Statement> replicaIdentity(Session session, PartitionState state) throws SQLException {
        Optional<String> index = Sql.resource("partition/upkeep_identity_index", order.parentOid(), state.oid())
                .first(session.connection(), row -> row.getString(1));
        return index.map(name -> transaction(
                "identity",
                List.of(PartitionSql.alter(order.partition()) + "REPLICA IDENTITY USING INDEX "
                        + Identifiers.quote(name))));
    }

    @Override
    public CreationMemory completed(
            Session session, CreationMemory memory, Statement statement, List<SQLWarning> warnings) {
        return statement.label().equals(ATTACH) ? memory.withAttached() : memory;
    }

    @Override
    protected void requireUnchanged(Session session, CreationMemory memory) throws SQLException {
        lock(session, order.parentOid(), order.parent());
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return locks;
    }

    private static List<Long> locks(Parent parent) {
        List<Long> all = new ArrayList<>(List.of(parent.oid()));
        all.addAll(DefaultGuard.locks(parent));
        all.addAll(parent.referenced());
        return all;
    }

    @Override
    public boolean guarded(CreationMemory memory) {
        return memory.guarded();
    }

    @Override
    public Optional<String> repair(Session session, CreationMemory memory) throws SQLException {
        return memory.guarded()
                ? DefaultGuard.repair(context, session, Parent.require(session, order.parentOid(), order.parent()))
                : Optional.empty();
    }
}
