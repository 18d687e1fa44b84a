package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes partitions on their own and attaches them, in short transactions: whatever dies in between, each of them is there or
 * nothing of it is. The table is only locked as ATTACH locks it (SHARE UPDATE EXCLUSIVE, which lets reads and writes pass), and
 * the attach comes last. No foreign key is made beforehand: the attach makes them under SHARE ROW EXCLUSIVE of the referenced
 * table, whereas merging one that is there takes ACCESS EXCLUSIVE.
 *
 * <p>One transaction makes as many as its time allows ({@code Chunk}), and is journalled once. Where it fails they are made one
 * by one, so that one which cannot be made stops no other.
 */
final class CreationStep extends PartitionStep<CreationMemory> {
    private static final String ATTACH = "attach";
    private static final String IDENTITY = "identity";

    private final PartitionCreation order;
    private final StepContext context;
    private final Chunk chunk = new Chunk();
    private List<Long> locks = List.of();
    private CreationMemory running = CreationMemory.NOTHING_DONE;
    private int making;
    private boolean identifies;
    private boolean backedUp;

    CreationStep(PartitionCreation order, StepContext context) {
        super("create", order.relation());
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
    public Next<CreationMemory> next(Session session, CreationMemory before) throws SQLException {
        Parent parent = Parent.require(session, order.parentOid(), order.parent());
        CreationMemory memory = before;
        while (true) {
            Optional<Statement> identity = identity(session, memory);
            if (identity.isPresent()) {
                return new Run<>(memory.identified(), identity.get());
            }
            memory = memory.identified();
            if (memory.next() == order.partitions().size()) {
                return end(session, parent, memory);
            }
            List<NewPartition> coming = coming(memory, chunk.most());
            Map<TableName, PartitionState> found = PartitionState.read(
                    session, coming.stream().map(NewPartition::name).toList());
            NewPartition first = coming.getFirst();
            if (found.containsKey(first.name())) {
                memory = existing(memory, first, found.get(first.name()));
                continue;
            }
            if (first.from().isEmpty() && parent.defaultPartition().isPresent()) {
                return new Skip<>("The table has a default partition by now.");
            }
            return make(
                    session,
                    parent,
                    memory,
                    coming.stream()
                            .takeWhile(partition -> !found.containsKey(partition.name()))
                            .toList());
        }
    }

    private List<NewPartition> coming(CreationMemory memory, int most) {
        int to = Math.min(order.partitions().size(), memory.next() + (memory.alone() ? 1 : most));
        return order.partitions().subList(memory.next(), to);
    }

    private Next<CreationMemory> make(Session session, Parent parent, CreationMemory memory, List<NewPartition> missing)
            throws SQLException {
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later().withoutGuard(), "Locks were not had for a while: other steps go first.");
        }
        locks = locks(parent);
        backedUp = DefaultGuard.isBackedUp(session, parent);
        running = memory;
        if (missing.getFirst().from().isPresent()) {
            Optional<Statement> guard =
                    DefaultGuard.next(context, session, parent, ranges(parent, memory), memory.standing());
            if (guard.isPresent()) {
                making = order.partitions().size() - memory.next();
                boolean added = guard.get().label().equals(DefaultGuard.ADD);
                return new Run<>(added ? memory.withGuard() : memory, guard.get());
            }
        }
        Sibling sibling = Sibling.read(session, order.parentOid());
        // The index that identifies rows for replication exists only once the partition is attached, and the next one
        // takes after it.
        identifies = sibling.identity().equals("i");
        List<NewPartition> now = identifies ? missing.subList(0, 1) : missing;
        making = now.size();
        List<String> statements = new ArrayList<>();
        for (NewPartition partition : now) {
            statements.addAll(sibling.create(partition.name(), order.parent()));
            statements.add(PartitionSql.attach(order.parent(), partition.name(), partition.from(), partition.to()));
        }
        boolean last = memory.next() + making == order.partitions().size();
        if (last || memory.guardsNext()) {
            statements.addAll(DefaultGuard.release(session, parent));
        }
        return new Run<>(memory, transaction(ATTACH, statements));
    }

    /** What rows of the partitions fulfil that are made next: of all that are left, each stretch without holes as one. */
    private List<String> ranges(Parent parent, CreationMemory memory) {
        List<String> ranges = new ArrayList<>();
        Optional<String> from = Optional.empty();
        Optional<String> to = Optional.empty();
        for (NewPartition partition : coming(memory, Integer.MAX_VALUE - memory.next())) {
            if (from.isPresent() && !to.equals(partition.from())) {
                ranges.add(PartitionSql.within(parent.key(), parent.keyType(), from.get(), to.orElseThrow()));
                from = Optional.empty();
            }
            from = from.or(partition::from);
            to = partition.to();
        }
        ranges.add(PartitionSql.within(parent.key(), parent.keyType(), from.orElseThrow(), to.orElseThrow()));
        return ranges;
    }

    /** Created and attached by us or by another server; or something else that has its name. */
    private CreationMemory existing(CreationMemory memory, NewPartition wanted, PartitionState state) {
        boolean meant = state.parentOid() == order.parentOid() && state.covers(wanted.from(), wanted.to());
        return meant && !state.pending()
                ? memory.existed()
                : memory.refused(
                        Reason.RELATION_CHANGED,
                        "Partition " + wanted.name() + " is not created: another relation has its name.");
    }

    private Optional<Statement> identity(Session session, CreationMemory memory) throws SQLException {
        if (memory.identity().isEmpty()) {
            return Optional.empty();
        }
        NewPartition partition = order.partitions().get(memory.identity().get());
        PartitionState state =
                PartitionState.read(session, List.of(partition.name())).get(partition.name());
        if (state == null || state.parentOid() != order.parentOid()) {
            return Optional.empty();
        }
        return Sql.resource("partition/upkeep_identity_index", order.parentOid(), state.oid(), state.oid())
                .first(session.connection(), row -> row.getString(1))
                .map(index -> transaction(
                        IDENTITY,
                        List.of(PartitionSql.alter(partition.name()) + "REPLICA IDENTITY USING INDEX "
                                + Identifiers.quote(index))));
    }

    private Next<CreationMemory> end(Session session, Parent parent, CreationMemory memory) throws SQLException {
        if (memory.guard().isPresent()) {
            DefaultGuard.repair(context, session, parent);
        }
        return memory.refused().isEmpty()
                ? new Done<>(Totals.NONE, CreationEnd.done(order, memory))
                : new Failed<>(Totals.NONE, CreationEnd.refused(order, memory));
    }

    /** A table without a default partition is read on meanwhile, and what a backup does not read does not wait for it. */
    @Override
    public boolean excludesReaders(Statement statement) {
        return backedUp && !statement.label().equals(IDENTITY) && super.excludesReaders(statement);
    }

    /** Several at once failed: they are made one by one, and one that fails alone is left out. */
    @Override
    public Optional<CreationMemory> tolerate(CreationMemory memory, Statement statement, SQLException error) {
        chunk.failed();
        boolean another = PostgresErrors.isConnectionLoss(error) || PostgresErrors.isRetryable(error);
        boolean ours = statement.label().equals(ATTACH) || statement.label().equals(DefaultGuard.VALIDATE);
        if (another || !ours) {
            return Optional.empty();
        }
        if (making > 1 && !running.alone()) {
            return Optional.of(running.oneByOne(running.next() + making));
        }
        TableName name = order.partitions().get(running.next()).name();
        CaretakerException known =
                known(name, "is not created", error).orElseGet(() -> PostgresErrors.translate(context.target(), error));
        return Optional.of(running.refused(known.reason(), known.getMessage()));
    }

    @Override
    public CreationMemory completed(
            Session session, CreationMemory memory, Statement statement, List<SQLWarning> warnings) {
        if (!statement.label().equals(ATTACH)) {
            return memory;
        }
        chunk.made(making);
        return memory.made(making, identifies);
    }

    @Override
    protected void requireUnchanged(Session session, CreationMemory memory, Statement statement) throws SQLException {
        lock(session, order.parentOid(), order.parent());
        chunk.begins();
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return statement.label().equals(ATTACH) ? locks : locks.subList(0, Math.min(2, locks.size()));
    }

    /** The table, then its default partition. */
    private static List<Long> locks(Parent parent) {
        List<Long> all = new ArrayList<>(List.of(parent.oid()));
        all.addAll(DefaultGuard.locks(parent));
        all.addAll(parent.referenced());
        return all;
    }

    @Override
    public boolean guarded(CreationMemory memory) {
        return memory.guard().isPresent();
    }

    @Override
    public Optional<String> repair(Session session, CreationMemory memory) throws SQLException {
        return guarded(memory)
                ? DefaultGuard.repair(context, session, Parent.require(session, order.parentOid(), order.parent()))
                : Optional.empty();
    }
}
