package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.LockLadder;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.catalog.TableKeys;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Detaches a partition, concurrently where possible, counts its rows if that is quick, and drops it. Its foreign keys go first, each
 * in a transaction of its own: dropping the table with them would lock all referenced tables at once. Only the catalog says how far it got, so
 * it may be broken off anywhere and taken up by anybody; a detach that somebody left unfinished is finished. The partition
 * is known by its oid, never by its name alone.
 *
 * <p>What would keep it from being dropped is looked for before it is detached ({@link DropGuard}). Should Postgres refuse the
 * drop all the same, for good, then the partition is attached again. What neither leads to an end is owed, see {@link
 * DetachedPartitionDebt}.
 */
final class PartitionDropStep implements StatementStep<DropMemory> {
    private final PartitionDrop drop;
    private final StepContext context;
    private final DropGuard guard;
    private final RestoredGuard restored;
    private final PartitionCount count;
    private final LockLadder ladder;
    private List<Long> neighbours = List.of();

    PartitionDropStep(PartitionDrop drop, StepContext context, RestoredGuard restored) {
        this.restored = restored;
        this.drop = drop;
        this.context = context;
        this.guard = new DropGuard(drop, context);
        this.count = new PartitionCount(drop, context, guard.details());
        this.ladder = new LockLadder("drop " + drop.partition());
    }

    @Override
    public long fencedOid() {
        return drop.oid();
    }

    @Override
    public Class<DropMemory> memoryType() {
        return DropMemory.class;
    }

    @Override
    public DropMemory begin(Session session) {
        return DropMemory.NOTHING_DONE;
    }

    @Override
    public boolean startsAtOnce() {
        boolean reads = drop.exact() || drop.infinite().isPresent() || context.rowsLeft() < Long.MAX_VALUE;
        return !reads;
    }

    @Override
    public Next<DropMemory> next(Session session, DropMemory memory) throws SQLException {
        Optional<Partition> found = Partition.read(session, drop.oid());
        if (found.isEmpty() && memory.place().isEmpty()) {
            throw guard.changed("was dropped");
        }
        if (found.isEmpty()) {
            strike();
            return done(memory);
        }
        Partition partition = found.get();
        DropMemory seen = partition.isAttached() ? memory.at(partition.place(drop)) : memory;
        if (memory.refusal().isPresent()) {
            return attachAgain(session, seen, partition);
        }
        if (partition.isAttached()) {
            return detach(session, seen, partition);
        }
        if (memory.place().isEmpty()) {
            throw guard.changed("was detached by somebody else");
        }
        return drop(
                session,
                memory.counted()
                        ? memory
                        : count.measured(session, memory, partition).whileDetaching());
    }

    private Next<DropMemory> detach(Session session, DropMemory memory, Partition partition) throws SQLException {
        if (partition.parentOid() != drop.parentOid()) {
            throw guard.changed("belongs to another table");
        }
        restored.require(context, drop.cutoff());
        PartitionPlace place = memory.place().orElseThrow();
        if (partition.pending()) {
            context.oweForNext(DetachedPartitionDebt.of(place, context.table()));
            return new Run<>(memory.whileDetaching(), DropStatements.finishDetach(place));
        }
        Optional<Next<DropMemory>> refused = guard.refusal(session, partition);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!drop.concurrently()) {
            neighbours = TableKeys.neighbours(session.connection(), drop.parentOid());
        }
        if (!drop.concurrently() && TableKeys.has(session.connection(), drop.oid())) {
            context.oweForNext(DetachedPartitionDebt.of(place, context.table()));
            return new Run<>(memory.whileDetaching(), DropStatements.detach(place));
        }
        if (!drop.concurrently()) {
            return new Run<>(count.measured(session, memory, partition), DropStatements.detachAndDrop(place));
        }
        context.oweForNext(DetachedPartitionDebt.of(place, context.table()));
        return new Run<>(memory.whileDetaching(), DropStatements.detachConcurrently(place));
    }

    private Next<DropMemory> drop(Session session, DropMemory memory) throws SQLException {
        PartitionPlace place = memory.place().orElseThrow();
        if (Partition.holdsInfinite(session, place.partition(), place.infinite())) {
            return new Again<>(memory.refused("dropped: it got a row of -infinity, which is never removed."));
        }
        List<String> keys = TableKeys.own(session.connection(), drop.oid());
        return new Run<>(
                memory, keys.isEmpty() ? DropStatements.drop(place) : DropStatements.dropKey(place, keys.getFirst()));
    }

    private static Next<DropMemory> done(DropMemory memory) {
        if (!memory.counted()) {
            return new Done<>(Totals.NONE, "Somebody else dropped the partition.");
        }
        return new Done<>(Totals.ofDrop(memory.rows(), memory.rowsExact(), memory.bytes()), "");
    }

    /** Back to where it was, and the step fails. */
    private Next<DropMemory> attachAgain(Session session, DropMemory memory, Partition partition) throws SQLException {
        String refusal = "Partition " + drop.partition() + " could not be "
                + memory.refusal().get();
        PartitionPlace place = memory.place().orElseThrow();
        if (!partition.isAttached() || partition.pending()) {
            if (memory.detached().isPresent()) {
                throw refused(refusal + " It is detached, and cannot be attached again: "
                        + memory.detached().get());
            }
            return new Run<>(
                    memory, partition.pending() ? DropStatements.finishDetach(place) : DropStatements.attach(place));
        }
        Optional<String> added = DetachedPartition.addedCheck(session, place);
        if (added.isPresent() && memory.detached().isEmpty()) {
            return new Run<>(memory, DropStatements.tidy(place, added.get()));
        }
        if (added.isEmpty()) {
            strike();
        }
        throw refused(refusal + " It is attached, with all of its rows.");
    }

    private CaretakerException refused(String message) {
        return CaretakerException.of(Reason.DROP_REFUSED, message, guard.details());
    }

    @Override
    public void verify(Session session, DropMemory memory, Statement statement) throws SQLException {
        if (statement.label().equals(DropStatements.DETACH)) {
            return;
        }
        ladder.begin(session, lockedBy(statement));
        if (!statement.label().equals(DropStatements.DROP)) { // that locks nothing but the partition by then
            ladder.takeTurn();
        }
        DetachedPartition planned = new DetachedPartition(memory.place().orElseThrow());
        try {
            if (DropStatements.detachesUnderLock(statement)) {
                planned.verifyAttached(session, ladder, neighbours.size() + 1);
            } else {
                planned.verify(session, statement.label().equals(DropStatements.DROP));
            }
        } catch (DetachedPartition.Theirs e) {
            strike();
            throw guard.changed(e.getMessage());
        }
    }

    private List<Long> lockedBy(Statement statement) {
        Stream<Long> own = DropStatements.detachesUnderLock(statement)
                ? Stream.of(drop.parentOid(), drop.oid())
                : Stream.of(drop.oid());
        return Stream.concat(own, neighbours.stream()).toList();
    }

    @Override
    public Optional<DropMemory> tolerate(DropMemory memory, Statement statement, SQLException error) {
        return DropErrors.tolerated(memory, statement, error);
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        Optional<CaretakerException> lock = statement.transactional() ? ladder.explain(error) : Optional.empty();
        if (lock.isPresent()) {
            return lock;
        }
        if (!DropErrors.isReferenced(statement, error)) {
            return Optional.empty();
        }
        strike();
        return Optional.of(DropErrors.referenced(drop, error, guard.details()));
    }

    @Override
    public DropMemory completed(Session session, DropMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory.whileDetaching();
    }

    @Override
    public boolean excludesReaders(Statement statement) {
        return true;
    }

    @Override
    public boolean mustFinish(DropMemory memory) {
        return memory.detaching();
    }

    private void strike() {
        context.strike(DetachedPartitionDebt.NAME, drop.partition());
    }
}
