package dev.caretaker.server.run;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Work in statements that run outside of a transaction block: VACUUM, REINDEX, DETACH PARTITION CONCURRENTLY. The engine
 * asks {@link #next} what to do as the catalog stands now, journals the intent, runs the statement, reads progress from a
 * second session, and asks again. In doubt (crash, take-over) the orphaned backend is terminated first, and then the
 * catalog decides, because {@code next} looks at nothing else but the catalog and the memory.
 *
 * @param <M> memory: a record kept in the control store between statements, surviving a round trip through JSON
 */
public non-sealed interface StatementStep<M extends Record> extends Step {

    /** Class of the memory, for reading it back from the control store. */
    Class<M> memoryType();

    /** Memory at the very start. */
    M begin(Session session) throws SQLException;

    /**
     * What has to happen before {@link #next} is worth asking, such as the end of a run it started; asked again and again,
     * without a session.
     */
    default Optional<String> awaits(M memory) {
        return Optional.empty();
    }

    /** Whether a hold freezes what it awaits: the time of its run stands still meanwhile. */
    default boolean awaitsFrozen(M memory) {
        return false;
    }

    /**
     * Whether {@link #begin} and the first call of {@link #next} take next to no time. That the step has begun is then told together
     * with its first statement, which is a commit of the control store less.
     */
    default boolean startsAtOnce() {
        return false;
    }

    /** What to do next, from the catalog as it is now. */
    Next<M> next(Session session, M memory) throws SQLException;

    /**
     * Whether a statement needs locks that exclude readers, or waits for old snapshots. It is not begun while a backup of the target
     * holds on to what it reads: it would wait, and others of the application would queue behind it.
     */
    default boolean excludesReaders(Statement statement) {
        return statement.lockWait() == LockWait.DEADLINE;
    }

    /**
     * Called in the transaction of a transactional statement, right before it: takes the locks it needs and checks that the
     * catalog still is what {@link #next} saw. {@code memory} is what {@code next} gave with it. Throwing rolls back, and the statement does not run.
     */
    default void verify(Session session, M memory, Statement statement) throws SQLException {}

    /**
     * What an error of a statement means, where the step knows more than the SQLSTATE tells. Such an error is final, and means
     * that the statement did nothing.
     */
    default Optional<CaretakerException> explain(Statement statement, SQLException error) {
        return Optional.empty();
    }

    /**
     * An error that the step can live with, such as a lock that was not had where the step has something better to do than to
     * wait for it: the statement did nothing, and {@link #next} goes on from the returned memory. Empty: the engine tries
     * again or gives up, as the SQLSTATE tells.
     */
    default Optional<M> tolerate(M memory, Statement statement, SQLException error) {
        return Optional.empty();
    }

    /**
     * How a statement can give way to others. Asked before it runs if it is to; the settings are made on its session and reset
     * afterwards.
     */
    default Gentle gentle(Session session, Statement statement) throws SQLException {
        return Gentle.NOT;
    }

    /**
     * A statement returned without error.
     *
     * @param warnings what the server said beside it: Postgres reports skipped tables only there
     * @return the memory to keep
     */
    M completed(Session session, M memory, Statement statement, List<SQLWarning> warnings) throws SQLException;

    /**
     * Progress of the running statement, read from another session.
     *
     * @param pid backend that runs it
     */
    default Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        return Optional.empty();
    }

    /**
     * The statement failed, was cancelled, or outlived the deadline: removes what it left behind, so that nothing half done
     * stays. Called on a fresh session; must be repeatable, and be done within about a second, since it comes after the
     * deadline.
     *
     * @return what it had to leave, as a sentence
     */
    default Optional<String> repair(Session session, M memory) throws SQLException {
        return Optional.empty();
    }

    /**
     * Whether something stands in the target that only this step's going on justifies, such as a constraint that refuses rows.
     * It stays while a statement is tried again, and {@link #repair} removes it whenever the step stops working: at its end, and
     * at a pause or at the end of a window too.
     */
    default boolean guarded(M memory) {
        return false;
    }

    /**
     * Whether the step, once begun, must be brought to its end even when the run is cancelled: a detach whose rows are
     * already invisible is finalized, not left.
     */
    default boolean mustFinish(M memory) {
        return false;
    }

    /** What to do next. */
    sealed interface Next<M extends Record> {}

    /** Run this statement. {@code memory} is journalled before it starts. */
    record Run<M extends Record>(M memory, Statement statement) implements Next<M> {}

    /** Nothing is left to do. */
    record Done<M extends Record>(Totals totals, String message) implements Next<M> {}

    /** Something was done, and what else belongs to it failed for good: the step fails, what it did counts. */
    record Failed<M extends Record>(Totals totals, CaretakerException error) implements Next<M> {}

    /**
     * Not now: the run's other steps go first, then this one is asked again. Its memory must say that it was put off, or it is
     * put off for ever.
     */
    record Later<M extends Record>(M memory, String reason) implements Next<M> {}

    /** Something was done that must be known before what comes next: the memory is journalled, and the step asked again. */
    record Again<M extends Record>(M memory) implements Next<M> {}

    /** Something else has to happen first, such as the end of a run it started; see {@link #awaits}. */
    record Await<M extends Record>(M memory, String reason) implements Next<M> {}

    /** A limit of the policy forbids it: nothing is done, and the step ends with outcome DEADLINE. */
    record OverLimit<M extends Record>(String reason) implements Next<M> {}

    /** Not needed or not worth it. */
    record Skip<M extends Record>(String reason) implements Next<M> {}

    /**
     * One statement.
     *
     * @param label stable name for the journal, for example "detach"
     * @param sql the statement, identifiers quoted
     * @param lockWait how it may wait for locks
     * @param transactional whether it runs in a transaction block (a plain DROP) or in autocommit
     */
    record Statement(String label, String sql, LockWait lockWait, boolean transactional) {}

    /**
     * How a statement gives way to others.
     *
     * @param settings session settings by name; none if it cannot
     * @param delay pause that the settings put between pieces of its work; zero if they put none
     */
    record Gentle(Map<String, String> settings, Duration delay) {
        /** It cannot, or what can be set is set already. */
        public static final Gentle NOT = new Gentle(Map.of(), Duration.ZERO);

        /**
         * For what PostgreSQL has no delay for, such as building an index: without parallel workers it leaves the other processors
         * to others.
         */
        public static final Gentle ALONE = new Gentle(Map.of("max_parallel_maintenance_workers", "0"), Duration.ZERO);

        /**
         * For VACUUM and ANALYZE: the server's cost delay, as long as autovacuum's; see {@code ./caretaker bench beside} for what
         * an application feels of it.
         */
        public static final Gentle BY_COST =
                new Gentle(Map.of("vacuum_cost_delay", "2ms", "vacuum_cost_limit", "500"), Duration.ofMillis(2));
    }

    /** How a statement may wait for locks. */
    enum LockWait {
        /** Under the session's lock_timeout, tried again with backoff. */
        TIMEOUT,
        /**
         * Waits for old snapshots: bounded by the run's deadline alone, since a lock timeout in the middle leaves debris. The
         * engine watches that it does not queue the application's queries behind an ACCESS EXCLUSIVE request.
         */
        DEADLINE
    }
}
