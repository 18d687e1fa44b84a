package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.TableKeys;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Drops a held partition, known by its oid. Its foreign keys go first, each in a transaction of its own: dropping the table with
 * them would lock all referenced tables at once. One that is attached again is left alone. One that has to be archived goes only if
 * its archive is proven and equal to it: before the first of these transactions, and once more under the lock of the last.
 */
final class RetiredDropStep extends PartitionStep<RetiredDropMemory> {
    private static final String DROP_KEY = "drop-key";

    private final RetiredDrop order;
    private final StepContext context;
    private final RetiredStore retired;
    private final Optional<ArchiveProof> proof;
    private List<Long> locks = List.of();
    /** Whether the statement that runs next drops the partition itself. */
    private boolean last;

    /** @param proof of its archive, without which it stays; empty if it goes with its rows */
    RetiredDropStep(RetiredDrop order, StepContext context, RetiredStore retired, Optional<ArchiveProof> proof) {
        super("drop", order.partition());
        this.order = order;
        this.context = context;
        this.retired = retired;
        this.proof = proof;
    }

    @Override
    public long fencedOid() {
        return order.oid();
    }

    @Override
    public Class<RetiredDropMemory> memoryType() {
        return RetiredDropMemory.class;
    }

    @Override
    public RetiredDropMemory begin(Session session) {
        return RetiredDropMemory.NOTHING_DONE;
    }

    @Override
    public Next<RetiredDropMemory> next(Session session, RetiredDropMemory memory) throws SQLException {
        if (session.identity().systemIdentifier() != order.systemId()) {
            throw changed("was detached in another cluster: a table with its oid here is another one");
        }
        Optional<RetiredRow> held = row();
        if (held.isEmpty() && memory.bytes() == 0) {
            return new Skip<>("It is not held any more.");
        }
        Optional<PartitionState> found = PartitionState.read(session, order.oid());
        if (found.isEmpty()) {
            end(RetiredRow.State.DROPPED);
            return new Done<>(
                    Totals.ofDrop(0, false, memory.bytes()),
                    memory.bytes() == 0 ? "Somebody else dropped it." : "Dropped.");
        }
        PartitionState state = found.get();
        if (state.isAttached()) {
            end(RetiredRow.State.ATTACHED);
            return new Skip<>("It was attached again, so it stays.");
        }
        if (!state.name().equals(order.partition())) {
            throw changed("is called " + state.name() + " now");
        }
        if (givesWay(memory.putOff())) {
            return new Later<>(memory.later(), "Locks were not had for a while: other steps go first.");
        }
        boolean first = memory.bytes() == 0;
        Statement statement = statement(session, state, held.orElseThrow());
        if (first && !last && proof.isPresent()) {
            proof.get().requireEqualNow(session, held.get());
        }
        return new Run<>(memory.measured(Math.max(1, state.bytes())), statement);
    }

    private Optional<RetiredRow> row() {
        return retired.find(context.target(), order.systemId(), order.oid());
    }

    private Statement statement(Session session, PartitionState state, RetiredRow held) throws SQLException {
        DropQuestions questions = new DropQuestions(session, order.oid(), order.partition());
        questions.requireNoObstacles();
        if (proof.isPresent()) {
            proof.get().require(held);
        }
        locks = List.of(order.oid());
        String drop = PartitionSql.drop(state.name());
        List<String> keys = TableKeys.own(session.connection(), order.oid());
        last = keys.isEmpty();
        if (last) {
            return transaction("drop", List.of(drop));
        }
        questions.requireNotRefused();
        return transaction(DROP_KEY, List.of(PartitionSql.dropConstraint(state.name(), keys.getFirst())));
    }

    private void end(RetiredRow.State state) {
        retired.move(
                context.target(),
                order.systemId(),
                order.oid(),
                state,
                context.clock().instant().truncatedTo(ChronoUnit.MICROS));
    }

    @Override
    public RetiredDropMemory completed(
            Session session, RetiredDropMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory;
    }

    /** Under its lock, which nobody waits for. */
    @Override
    protected void prepare(Session session, RetiredDropMemory memory, Statement statement) throws SQLException {
        if (last && proof.isPresent()) {
            requireDetached(session);
            proof.get().requireEqual(session, row().orElseThrow(() -> changed("is not held any more")));
        }
    }

    /** Without foreign keys it locks nothing but the partition. */
    @Override
    protected boolean takesTurn(Statement statement) {
        return statement.label().equals(DROP_KEY);
    }

    @Override
    protected void requireUnchanged(Session session, RetiredDropMemory memory, Statement statement)
            throws SQLException {
        requireDetached(session);
    }

    /** Under its lock: nobody can attach it again from here on. */
    private void requireDetached(Session session) throws SQLException {
        Sql.of("LOCK TABLE " + Identifiers.quote(order.partition()) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        PartitionState state = PartitionState.read(session, order.oid())
                .orElseThrow(() -> changed("was dropped since it was planned"));
        if (!state.name().equals(order.partition()) || state.isAttached()) {
            throw changed("was renamed or attached again since it was planned");
        }
    }

    @Override
    protected List<Long> lockedBy(Statement statement) {
        return locks;
    }
}
