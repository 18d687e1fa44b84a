package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.LockLadder;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What steps on partitions have in common: the ladder of lock timeouts, and giving way to the run's other steps when a lock is
 * not had for long.
 */
public abstract class PartitionStep<M extends Record> implements StatementStep<M> {
    /** Lock timeouts after which the other steps go first. */
    private static final int PATIENCE = 4;

    private static final String CHECK_VIOLATION = "23514";
    private static final String DUPLICATE_TABLE = "42P07";
    private static final String INVALID_OBJECT = "42P17";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final LockLadder ladder;
    private final TableName partition;

    /** @param doing for messages: "attach" */
    protected PartitionStep(String doing, TableName partition) {
        this.ladder = new LockLadder(doing + " " + partition);
        this.partition = partition;
    }

    /** Relations whose locks a statement may have to wait for, first that of its main lock. */
    protected abstract List<Long> lockedBy(Statement statement);

    /** Takes the main lock of the transaction, and checks under it that the catalog still is what the statement was made for. */
    protected abstract void requireUnchanged(Session session, M memory, Statement statement) throws SQLException;

    /** How many locks come after the main one that sessions of the application may hold. */
    protected int others(Statement statement) {
        return lockedBy(statement).size() - 1;
    }

    /** In the transaction, before its turn and its main lock: what may take long, since nobody waits for it. */
    protected void prepare(Session session, M memory, Statement statement) throws SQLException {}

    /** Whether it takes locks that sessions of the application may have to wait for, so that it has to wait for its turn. */
    protected boolean takesTurn(Statement statement) {
        return true;
    }

    @Override
    public final void verify(Session session, M memory, Statement statement) throws SQLException {
        ladder.begin(session, lockedBy(statement));
        prepare(session, memory, statement);
        if (takesTurn(statement)) {
            ladder.takeTurn();
        }
        requireUnchanged(session, memory, statement);
        ladder.share(others(statement));
    }

    /** The main lock is had, and that many others come before the statement: see {@link LockLadder#share}. */
    protected final void share(int others) throws SQLException {
        ladder.share(others);
    }

    /** All but what reads a whole table while everybody works. */
    @Override
    public boolean excludesReaders(Statement statement) {
        return statement.transactional() || statement.lockWait() == LockWait.DEADLINE;
    }

    @Override
    public Optional<CaretakerException> explain(Statement statement, SQLException error) {
        Optional<CaretakerException> lock = ladder.explain(error);
        return lock.isPresent() ? lock : known(error);
    }

    /** Whether the run's other steps are to go first now. */
    protected final boolean givesWay(boolean already) {
        return !already && ladder.failures() >= PATIENCE;
    }

    private Optional<CaretakerException> known(SQLException error) {
        return known(partition, "stays as it is", error);
    }

    /**
     * What an error means that concerns one partition alone; empty if it may be anything.
     *
     * @param outcome for the message: "stays as it is"
     */
    protected static Optional<CaretakerException> known(TableName of, String outcome, SQLException error) {
        String said = PostgresErrors.whole(error);
        return switch (String.valueOf(error.getSQLState())) {
            case CHECK_VIOLATION ->
                Optional.of(refused(
                        of,
                        outcome,
                        Reason.RELATION_CHANGED,
                        "rows of the default partition lie in its range: " + said,
                        error));
            case INVALID_OBJECT ->
                Optional.of(
                        refused(of, outcome, Reason.RELATION_CHANGED, "another one covers its range: " + said, error));
            case DUPLICATE_TABLE ->
                Optional.of(refused(of, outcome, Reason.RELATION_CHANGED, "its name is taken: " + said, error));
            case FOREIGN_KEY_VIOLATION ->
                Optional.of(refused(
                        of, outcome, Reason.PINNED_BY_FOREIGN_KEY, "its rows are still referenced: " + said, error));
            default -> Optional.empty();
        };
    }

    private static CaretakerException refused(
            TableName of, String outcome, Reason reason, String why, SQLException error) {
        return CaretakerException.of(
                reason, "Partition " + of + " " + outcome + ", because " + why, details(of), error);
    }

    protected final CaretakerException changed(String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED, "Partition " + partition + " " + what + ".", details(partition));
    }

    private static Map<String, String> details(TableName of) {
        return Map.of("table", of.toString());
    }

    /** A statement in a transaction of its own, under the ladder. */
    protected static Statement transaction(String label, List<String> statements) {
        return new Statement(label, String.join(";\n", statements), LockWait.TIMEOUT, true);
    }

    /** A statement that reads a whole table while everybody works: others do not wait for their turn meanwhile. */
    protected static Statement scan(String label, String sql) {
        return new Statement(label, sql, LockWait.TIMEOUT, false);
    }

    /** Nobody reads or writes the table from here on; its partitions are not locked by it. */
    protected static void lockWhole(Session session, TableName table) throws SQLException {
        Sql.of("LOCK TABLE ONLY " + Identifiers.quote(table) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
    }

    /** Takes the lock under which partitions come and go, and looks again who the table is. */
    static void lock(Session session, long parentOid, TableName parent) throws SQLException {
        Sql.of("LOCK TABLE ONLY " + Identifiers.quote(parent) + " IN SHARE UPDATE EXCLUSIVE MODE")
                .update(session.connection());
        Parent.require(session, parentOid, parent);
    }
}
