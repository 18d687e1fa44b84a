package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Detaches a partition, concurrently where possible, counts its rows and drops it. Only the catalog says how far it got, so
 * it may be broken off anywhere and taken up by anybody; a detach that somebody left unfinished is finished. The partition
 * is known by its oid, never by its name alone.
 */
final class PartitionDropStep implements StatementStep<DropMemory> {
    private static final String DETACH = "detach";
    private static final String DROP = "drop";
    /** Nobody reads a detached partition any more, so counting it stands in nobody's way; but the run goes on. */
    private static final Duration COUNT = Duration.ofSeconds(30);

    private final PartitionDrop drop;
    private final StepContext context;
    private boolean withinLimit;

    PartitionDropStep(PartitionDrop drop, StepContext context) {
        this.drop = drop;
        this.context = context;
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
    public DropMemory begin(Session session) throws SQLException {
        if (Partition.read(session, drop.oid()).isEmpty()) {
            throw changed("was dropped");
        }
        return DropMemory.NOTHING_DONE;
    }

    @Override
    public Next<DropMemory> next(Session session, DropMemory memory) throws SQLException {
        Optional<Partition> found = Partition.read(session, drop.oid());
        if (found.isEmpty()) {
            return done(memory);
        }
        Partition partition = found.get();
        if (partition.isAttached()) {
            return detach(session, memory.within(partition.bounds().orElse("true")), partition);
        }
        if (memory.bounds().isEmpty()) {
            throw changed("was detached by somebody else");
        }
        return memory.counted()
                ? new Run<>(memory, statement(DROP, dropTable(partition)))
                : drop(session, memory, partition);
    }

    private Next<DropMemory> detach(Session session, DropMemory memory, Partition partition) throws SQLException {
        if (partition.parentOid() != drop.parentOid()) {
            throw changed("belongs to another table");
        }
        String detach = "ALTER TABLE " + Identifiers.quote(partition.parent().orElseThrow()) + " DETACH PARTITION "
                + Identifiers.quote(partition.name());
        if (partition.pending()) {
            return new Run<>(memory.whileDetaching(), waiting(detach + " FINALIZE"));
        }
        checkUnchanged(session, partition);
        checkDependents(session);
        Optional<String> excess = withinLimit ? Optional.empty() : excess(session, partition);
        if (excess.isPresent()) {
            return new OverLimit<>(excess.get());
        }
        withinLimit = true;
        return drop.concurrently()
                ? new Run<>(memory.whileDetaching(), waiting(detach + " CONCURRENTLY"))
                : new Run<>(memory, statement(DETACH, detach));
    }

    /**
     * Why the partition may not go by the policy's row limit: counted while it is attached, so that it is still whole if it
     * is to stay. Whoever writes into it from here until it is detached is not seen.
     */
    private Optional<String> excess(Session session, Partition partition) throws SQLException {
        long left = context.rowsLeft();
        if (left == Long.MAX_VALUE) {
            return Optional.empty();
        }
        String some = "SELECT FROM " + Identifiers.quote(partition.name());
        String count = "SELECT count(*) FROM (" + some + " LIMIT " + (left + 1) + ") AS counted";
        Optional<Long> counted =
                TimeLimit.within(session, COUNT, () -> Sql.of(count).one(session.connection(), row -> row.getLong(1)));
        long rows = counted.isPresent() ? counted.get() : expected(session, some);
        if (rows <= left) {
            return Optional.empty();
        }
        if (left == 0) {
            return Optional.of("Partition " + drop.partition() + " stays: the row limit of its policy is used up.");
        }
        String holds = counted.isPresent()
                ? "more than the " + left + " rows"
                : "about " + rows + " rows, but " + left + " are all";
        return Optional.of("Partition " + partition.name() + " stays: it holds " + holds
                + " that the row limit of its policy still allows.");
    }

    /** As the server's planner expects them from the size of the partition now. */
    private static long expected(Session session, String query) throws SQLException {
        return Sql.of(query)
                .explain(session.connection(), "")
                .path("Plan")
                .path("Plan Rows")
                .asLong();
    }

    private Next<DropMemory> drop(Session session, DropMemory memory, Partition partition) throws SQLException {
        String count = "SELECT count(*) FROM " + Identifiers.quote(partition.name());
        Optional<Long> rows =
                TimeLimit.within(session, COUNT, () -> Sql.of(count).one(session.connection(), row -> row.getLong(1)));
        DropMemory measured = memory.measured(rows.orElse(drop.estimatedRows()), rows.isPresent(), partition.bytes());
        return new Run<>(measured, statement(DROP, dropTable(partition)));
    }

    private static Next<DropMemory> done(DropMemory memory) {
        if (!memory.counted()) {
            return new Done<>(Totals.NONE, "Somebody else dropped the partition.");
        }
        return new Done<>(Totals.ofDrop(memory.rows(), memory.rowsExact(), memory.bytes()), "Dropped as a whole.");
    }

    private void checkUnchanged(Session session, Partition partition) throws SQLException {
        if (drop.concurrently() && partition.parentHasDefault()) {
            throw changed("has a default partition beside it, so that it cannot be detached concurrently,");
        }
        boolean same = RelationState.read(session.connection(), drop.oid())
                .map(state -> state.fingerprint().equals(drop.fingerprint()))
                .orElse(false);
        if (!same) {
            throw changed("was altered (name, bounds, columns, triggers or keys)");
        }
    }

    /** Before detaching: a partition that cannot be dropped is better left where it is. */
    private void checkDependents(Session session) throws SQLException {
        List<String> dependents = Partition.dependents(session, drop.oid());
        if (!dependents.isEmpty()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Partition " + drop.partition() + " cannot be dropped: " + String.join(", ", dependents)
                            + (dependents.size() == 1 ? " depends" : " depend") + " on it.",
                    details());
        }
    }

    @Override
    public void verify(Session session, DropMemory memory, Statement statement) throws SQLException {
        if (!statement.label().equals(DROP)) {
            return;
        }
        TableName name =
                Partition.read(session, drop.oid()).map(Partition::name).orElseThrow(() -> changed("was dropped"));
        Sql.of("LOCK TABLE " + Identifiers.quote(name) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        Partition locked = Partition.read(session, drop.oid()).orElseThrow(() -> changed("was dropped"));
        boolean meant = statement.sql().equals(dropTable(locked));
        if (!meant || locked.isAttached()) {
            throw changed(meant ? "was attached again" : "was renamed");
        }
        if (locked.holdsRowsOutside(session, drop.oid(), memory.bounds().orElseThrow())) {
            throw CaretakerException.of(
                    Reason.RELATION_CHANGED,
                    "Partition " + drop.partition() + " stays, detached: somebody wrote rows into it that do not belong"
                            + " to its range after it was detached.",
                    details());
        }
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        if (!ForeignKeys.isViolation(error)) {
            return Optional.empty();
        }
        return Optional.of(CaretakerException.of(
                Reason.PINNED_BY_FOREIGN_KEY,
                "Partition " + drop.partition() + " cannot be detached, because its rows are still referenced: "
                        + PostgresErrors.sentence(error),
                details(),
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

    /** DETACH … CONCURRENTLY and FINALIZE wait for old snapshots; breaking them off leaves a partition half detached. */
    private static Statement waiting(String sql) {
        return new Statement(DETACH, sql, LockWait.DEADLINE, false);
    }

    private static String dropTable(Partition partition) {
        return "DROP TABLE " + Identifiers.quote(partition.name());
    }

    private static Statement statement(String label, String sql) {
        return new Statement(label, sql, LockWait.TIMEOUT, true);
    }

    private CaretakerException changed(String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "Partition " + drop.partition() + " " + what + " since it was planned.",
                details());
    }

    private Map<String, String> details() {
        return Map.of(
                "table", drop.partition().toString(), "parent", drop.parent().toString());
    }
}
