package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Detaches a partition, concurrently where the server and the default partition allow it, and holds it. The control store knows
 * of it before the detach begins. What is held carries the constraint of its range, so that nobody writes anything else into it
 * and it can be attached again without a scan.
 */
final class RetirementStep extends PartitionStep<RetirementMemory> {
    private static final String DETACH = "detach";
    private static final String HOLD = "hold";

    private final PartitionRetirement order;
    private final StepContext context;
    private final RetiredStore retired;
    private List<Long> locks = List.of();

    RetirementStep(PartitionRetirement order, StepContext context, RetiredStore retired) {
        super(DETACH, order.partition());
        this.order = order;
        this.context = context;
        this.retired = retired;
    }

    @Override
    public long fencedOid() {
        return order.oid();
    }

    @Override
    public Class<RetirementMemory> memoryType() {
        return RetirementMemory.class;
    }

    @Override
    public RetirementMemory begin(Session session) {
        return RetirementMemory.NOTHING_DONE;
    }

    @Override
    public Next<RetirementMemory> next(Session session, RetirementMemory memory) throws SQLException {
        Optional<PartitionState> found = PartitionState.read(session, order.oid());
        if (found.isEmpty()) {
            context.strike(BegunDetachDebt.NAME, order.partition());
            move(session, RetiredRow.State.DROPPED);
            return new Done<>(Totals.NONE, "Somebody else dropped it.");
        }
        PartitionState state = found.get();
        return state.isAttached() ? detach(session, memory, state) : hold(session, memory, state);
    }

    private Next<RetirementMemory> detach(Session session, RetirementMemory memory, PartitionState state)
            throws SQLException {
        Parent parent = Parent.require(session, order.parentOid(), order.parent());
        if (state.parentOid() != order.parentOid()
                || !state.name().equals(order.partition())
                || !state.covers(Optional.of(order.from()), Optional.of(order.to()))) {
            throw changed("was renamed, or given other bounds or another table, since it was planned");
        }
        record(session, state);
        String detach = PartitionSql.detach(order.parent(), order.partition());
        if (state.pending()) {
            owe();
            return new Run<>(memory.begun(state.constraint(), true), waiting(detach + " FINALIZE"));
        }
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later(), "Locks were not had for a while: other steps go first.");
        }
        locks = new ArrayList<>(List.of(parent.oid(), order.oid()));
        locks.addAll(parent.referenced());
        boolean concurrently =
                parent.defaultPartition().isEmpty() && session.capabilities().canDetachConcurrently();
        if (!concurrently) {
            return new Run<>(
                    memory.begun(state.constraint(), false), transaction(DETACH, plain(session, detach, state)));
        }
        owe();
        return new Run<>(memory.begun(state.constraint(), true), waiting(detach + " CONCURRENTLY"));
    }

    /** Who detaches concurrently gets the constraint of its range from the server. */
    private List<String> plain(Session session, String detach, PartitionState state) throws SQLException {
        boolean held =
                Constraints.check(session, order.oid(), PartitionSql.HELD).isPresent();
        return held || state.constraint().isEmpty()
                ? List.of(detach)
                : List.of(detach, holding(order.partition(), state.constraint().get()));
    }

    /** Rows that are there fulfil it: that is read later, while nobody waits. */
    private static String holding(TableName partition, String constraint) {
        return PartitionSql.check(partition, PartitionSql.HELD, constraint) + " NOT VALID";
    }

    private void owe() {
        BegunDetachDebt.owe(
                context, new BegunDetach(order.parentOid(), order.parent(), order.oid(), order.partition()));
    }

    private Next<RetirementMemory> hold(Session session, RetirementMemory memory, PartitionState state)
            throws SQLException {
        boolean ours = memory.begun() || open(session).isPresent();
        context.strike(BegunDetachDebt.NAME, order.partition());
        if (!ours) {
            throw changed("was detached by somebody else since it was planned");
        }
        Optional<Statement> unproven = prove(session, memory, state);
        if (unproven.isPresent()) {
            return new Run<>(memory, unproven.get());
        }
        record(session, state);
        move(session, RetiredRow.State.HELD);
        return new Done<>(
                Totals.NONE,
                order.hold()
                        .map(hold -> "Detached; held until " + now().plus(hold).truncatedTo(ChronoUnit.SECONDS) + ".")
                        .orElse("Detached; it stays until somebody drops it."));
    }

    /** What is missing until its constraint proves its range; empty if nothing is. */
    private Optional<Statement> prove(Session session, RetirementMemory memory, PartitionState state)
            throws SQLException {
        if (memory.constraint().isEmpty()
                || !Constraints.proving(
                                session, state.oid(), memory.constraint().get())
                        .isEmpty()) {
            return Optional.empty();
        }
        Optional<Boolean> validated = Constraints.check(session, state.oid(), PartitionSql.HELD);
        if (validated.isEmpty()) {
            locks = List.of(state.oid());
            return Optional.of(transaction(
                    HOLD, List.of(holding(state.name(), memory.constraint().get()))));
        }
        return validated.get()
                ? Optional.empty()
                : Optional.of(scan("hold-validate", PartitionSql.validate(state.name(), PartitionSql.HELD)));
    }

    /** Before it is detached, so that nobody has to guess afterwards what that table is. */
    private void record(Session session, PartitionState state) {
        Instant now = now();
        retired.begin(
                context.target(),
                session.identity().systemIdentifier(),
                order.oid(),
                state.name().schema(),
                state.name().name(),
                order.parent().schema(),
                order.parent().name(),
                order.set(),
                order.from(),
                order.to(),
                now,
                order.hold().map(now::plus).orElse(null),
                state.bytes(),
                state.rows(),
                context.runId());
    }

    private Instant now() {
        return context.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private Optional<RetiredRow> open(Session session) {
        return retired.find(context.target(), session.identity().systemIdentifier(), order.oid());
    }

    private void move(Session session, RetiredRow.State state) {
        boolean ends = state == RetiredRow.State.DROPPED;
        retired.move(context.target(), session.identity().systemIdentifier(), order.oid(), state, ends ? now() : null);
    }

    /** Waits for older transactions; breaking it off leaves a partition half detached. */
    private static Statement waiting(String sql) {
        return new Statement(DETACH, sql, LockWait.DEADLINE, false);
    }

    @Override
    public RetirementMemory completed(
            Session session, RetirementMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory;
    }

    @Override
    public boolean mustFinish(RetirementMemory memory) {
        return memory.detaching();
    }

    @Override
    protected void requireUnchanged(Session session, RetirementMemory memory, Statement statement) throws SQLException {
        if (statement.label().equals(DETACH)) {
            lockWhole(session, order.parent());
        }
        PartitionState state = PartitionState.read(session, order.oid())
                .orElseThrow(() -> changed("was dropped since it was planned"));
        if (!state.name().equals(order.partition())) {
            throw changed("was renamed since it was planned");
        }
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return locks;
    }
}
