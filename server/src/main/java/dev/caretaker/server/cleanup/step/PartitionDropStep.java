package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.LockLadder;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.TableKeys;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
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
    private static final String DETACH = "detach";
    private static final String DROP = "drop";
    private static final String DROP_KEY = "drop-key";
    /** Where a default partition forbids to do it concurrently, and the partition has foreign keys. */
    private static final String DETACH_PLAIN = "detach-plain";
    /** Both in one transaction, where the detach needs a lock anyway: so nothing of the partition can be left, or written into it. */
    private static final String DETACH_AND_DROP = "detach-and-drop";

    private static final String ATTACH = "attach-again";
    private static final String TIDY = "drop-check";
    /** Nobody reads a detached partition any more, so counting it stands in nobody's way; but the run goes on. */
    private static final Duration COUNT = Duration.ofSeconds(30);
    /** With indexes: what is larger would take longer to be counted than to be dropped. */
    private static final long QUICKLY_COUNTED = 32L << 20;

    private final PartitionDrop drop;
    private final StepContext context;
    private final DropGuard guard;
    private final RestoredGuard restored;
    private final LockLadder ladder;
    private List<Long> neighbours = List.of();

    PartitionDropStep(PartitionDrop drop, StepContext context, RestoredGuard restored) {
        this.restored = restored;
        this.drop = drop;
        this.context = context;
        this.guard = new DropGuard(drop, context);
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
                memory.counted() ? memory : measured(session, memory, partition).whileDetaching());
    }

    private Next<DropMemory> detach(Session session, DropMemory memory, Partition partition) throws SQLException {
        if (partition.parentOid() != drop.parentOid()) {
            throw guard.changed("belongs to another table");
        }
        restored.require(context, drop.cutoff());
        PartitionPlace place = memory.place().orElseThrow();
        if (partition.pending()) {
            context.oweForNext(DetachedPartitionDebt.of(place, context.table()));
            return new Run<>(memory.whileDetaching(), waiting(place.detach() + " FINALIZE"));
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
            return new Run<>(memory.whileDetaching(), statement(DETACH_PLAIN, place.detach()));
        }
        if (!drop.concurrently()) {
            return new Run<>(
                    measured(session, memory, partition),
                    statement(DETACH_AND_DROP, place.detach() + "; " + place.drop()));
        }
        context.oweForNext(DetachedPartitionDebt.of(place, context.table()));
        return new Run<>(memory.whileDetaching(), waiting(place.detach() + " CONCURRENTLY"));
    }

    private Next<DropMemory> drop(Session session, DropMemory memory) throws SQLException {
        PartitionPlace place = memory.place().orElseThrow();
        if (Partition.holdsInfinite(session, place.partition(), place.infinite())) {
            return new Again<>(memory.refused("dropped: it got a row of -infinity, which is never removed."));
        }
        List<String> keys = TableKeys.own(session.connection(), drop.oid());
        return new Run<>(
                memory,
                keys.isEmpty()
                        ? statement(DROP, place.drop())
                        : statement(DROP_KEY, place.dropConstraint(keys.getFirst())));
    }

    private DropMemory measured(Session session, DropMemory memory, Partition partition) throws SQLException {
        Optional<Long> counted =
                drop.exact() || partition.bytes() <= QUICKLY_COUNTED ? count(session, partition) : Optional.empty();
        long rows = counted.isPresent() ? counted.get() : expected(session, partition);
        return memory.measured(rows, counted.isPresent(), partition.bytes());
    }

    /** By its size now; as it was planned if the server does not say. */
    private long expected(Session session, Partition partition) throws SQLException {
        long now = DropGuard.expected(session, "SELECT FROM " + Identifiers.quote(partition.name()));
        return now > 0 ? now : drop.estimatedRows();
    }

    /** Empty if it takes too long, or cannot be done: the partition goes whether its rows are counted or not. */
    private Optional<Long> count(Session session, Partition partition) throws SQLException {
        Sql count = Sql.of("SELECT pg_catalog.count(*) FROM " + Identifiers.quote(partition.name()));
        try {
            return partition.bytes() <= QUICKLY_COUNTED
                    ? Optional.of(count.one(session.connection(), row -> row.getLong(1)))
                    : TimeLimit.within(session, COUNT, () -> count.one(session.connection(), row -> row.getLong(1)));
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e) || PostgresErrors.isRetryable(e)) {
                throw e;
            }
            context.warn(
                    "DROP_NOT_COUNTED",
                    "The rows of partition " + partition.name() + " cannot be counted: " + PostgresErrors.whole(e),
                    guard.details());
            return Optional.empty();
        }
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
                    memory,
                    partition.pending() ? waiting(place.detach() + " FINALIZE") : statement(ATTACH, place.attach()));
        }
        Optional<String> added = DetachedPartition.addedCheck(session, place);
        if (added.isPresent() && memory.detached().isEmpty()) {
            return new Run<>(memory, statement(TIDY, place.dropConstraint(added.get())));
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
        if (statement.label().equals(DETACH)) {
            return;
        }
        ladder.begin(session, lockedBy(statement));
        if (!statement.label().equals(DROP)) { // that locks nothing but the partition by then
            ladder.takeTurn();
        }
        DetachedPartition planned = new DetachedPartition(memory.place().orElseThrow());
        try {
            if (detachesUnderLock(statement)) {
                planned.verifyAttached(session, ladder, neighbours.size() + 1);
            } else {
                planned.verify(session, statement.label().equals(DROP));
            }
        } catch (DetachedPartition.Theirs e) {
            strike();
            throw guard.changed(e.getMessage());
        }
    }

    private static boolean detachesUnderLock(Statement statement) {
        return statement.label().equals(DETACH_AND_DROP) || statement.label().equals(DETACH_PLAIN);
    }

    private List<Long> lockedBy(Statement statement) {
        Stream<Long> own =
                detachesUnderLock(statement) ? Stream.of(drop.parentOid(), drop.oid()) : Stream.of(drop.oid());
        return Stream.concat(own, neighbours.stream()).toList();
    }

    @Override
    public Optional<DropMemory> tolerate(DropMemory memory, Statement statement, SQLException error) {
        if (PostgresErrors.isConnectionLoss(error) || PostgresErrors.isRetryable(error)) {
            return Optional.empty();
        }
        String why = PostgresErrors.whole(error);
        return switch (statement.label()) {
            case DETACH, DETACH_PLAIN ->
                DeleteErrors.isKeyViolation(error)
                        ? Optional.empty()
                        : Optional.of(
                                memory.refusal().isPresent()
                                        ? memory.staysDetached(why)
                                        : memory.refused("detached: " + why));
            case DETACH_AND_DROP ->
                DeleteErrors.isKeyViolation(error) ? Optional.empty() : Optional.of(memory.refused("dropped: " + why));
            case DROP, DROP_KEY -> Optional.of(memory.refused("dropped: " + why));
            default -> Optional.of(memory.staysDetached(why));
        };
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        Optional<CaretakerException> lock = statement.transactional() ? ladder.explain(error) : Optional.empty();
        if (lock.isPresent()) {
            return lock;
        }
        boolean detaches = statement.label().equals(DETACH) || detachesUnderLock(statement);
        if (!detaches || !DeleteErrors.isKeyViolation(error)) {
            return Optional.empty();
        }
        strike();
        return Optional.of(CaretakerException.of(
                Reason.PINNED_BY_FOREIGN_KEY,
                "Partition " + drop.partition() + " cannot be detached, because its rows are still referenced: "
                        + PostgresErrors.whole(error),
                guard.details(),
                error));
    }

    @Override
    public DropMemory completed(Session session, DropMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory.whileDetaching();
    }

    @Override
    public boolean mustFinish(DropMemory memory) {
        return memory.detaching();
    }

    private void strike() {
        context.strike(DetachedPartitionDebt.NAME, drop.partition());
    }

    /** DETACH … CONCURRENTLY and FINALIZE wait for old snapshots; breaking them off leaves a partition half detached. */
    private static Statement waiting(String sql) {
        return new Statement(DETACH, sql, LockWait.DEADLINE, false);
    }

    private static Statement statement(String label, String sql) {
        return new Statement(label, sql, LockWait.TIMEOUT, true);
    }
}
