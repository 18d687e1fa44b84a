package dev.caretaker.server.run;

import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Work in many small transactions: deletes, moves, archives, backfills. The engine opens the transaction, calls {@link
 * #next}, makes deferred constraints fire, has its effects outside made {@linkplain #makeDurable durable}, journals the
 * batch in the control store and commits. It never commits what is not journalled.
 *
 * <p>An implementation is used by one thread at a time and may keep state between batches (a list of row addresses, an open
 * file), as long as everything needed to go on elsewhere is in the cursor. Where batches {@linkplain #overlaps overlap}, one is made
 * durable on another thread while the next one is worked.
 *
 * @param <C> cursor: a record that says where the step stands and survives a round trip through JSON
 */
public non-sealed interface BatchStep<C extends Record> extends Step {

    /** Class of the cursor, for reading it back from the control store. */
    Class<C> cursorType();

    /**
     * Called at the start, at every resume and take-over, before any batch: verifies that the relation is still the one
     * that was planned and says where to go on.
     *
     * @param stored the journalled cursor; empty at the very start
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED if the relation was dropped, swapped or
     *     altered, MISSING_PRIVILEGE, …
     */
    C prepare(Session session, Optional<C> stored) throws SQLException;

    /**
     * Called when a statement failed for good, to tell why: the relation still is the one that was planned.
     *
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED
     */
    default void requireUnchanged(Session session) throws SQLException {}

    /** Unit and bounds of the batch size that the engine adapts, as known when the step is prepared. */
    BatchSizing sizing();

    /**
     * Since when (System.nanoTime) the latest batch does what its size decides, so that it may be broken off and tried with
     * less; 0 while it does not. Asked from another thread.
     */
    default long sizedSince() {
        return 0;
    }

    /**
     * Does one batch inside the open transaction.
     *
     * @param size how much to take, in the unit of {@link #sizing()}
     */
    Batch<C> next(Session session, C from, long size) throws SQLException;

    /**
     * Whether a batch may be worked on another session, while the one before it is still being journalled and committed. It may
     * if it neither sees nor touches what that one changed. Should that one fail then both are rolled back, and after {@link
     * #discard} nothing counts but the cursor.
     */
    default boolean overlaps() {
        return false;
    }

    /** Where batches overlap: whether the one at this cursor may, too. */
    default boolean mayOverlap(C at) {
        return true;
    }

    /**
     * Whether a batch may be put together of several calls of {@link #next} in one transaction, each from the cursor of the one
     * before: so that it is worked in small pieces with pauses where others are at work.
     */
    default boolean divides() {
        return false;
    }

    /** Goes on with a batch where {@link #divides}, in the transaction of the call of {@link #next} before: its locks still hold. */
    default Batch<C> more(Session session, C from, long size) throws SQLException {
        return next(session, from, size);
    }

    /** How to make room for others in {@link #next} where that reads for long without a change. Told before the first batch. */
    default void breathing(Breather breather) {}

    /**
     * May look at what the batch after the one that is being worked will need, so that it is at hand then. Called on an idle
     * session, in a transaction that is rolled back, and on another thread than {@link #next}, which runs meanwhile and needs the
     * session when it is done.
     *
     * @param size how much that batch is expected to take
     * @param wanted whether to go on; to be asked every few milliseconds
     */
    default void lookAhead(Session idle, long size, BooleanSupplier wanted) throws SQLException {}

    /**
     * Makes effects outside of the database durable (fsync, upload) before the batch is journalled. Where batches overlap, the next
     * one is worked meanwhile.
     *
     * @param reached cursor after the batch
     * @throws dev.caretaker.server.error.CaretakerException if that fails: the batch is rolled back
     */
    default void makeDurable(C reached) {}

    /** The batch was rolled back: forget what it did outside of the database and in memory. */
    default void discard() {}

    /**
     * Time the server takes to plan the statements of a batch such as the latest. Asked now and then, in a batch's transaction;
     * zero if that cannot be told.
     */
    default Duration planning(Session session) throws SQLException {
        return Duration.ZERO;
    }

    /**
     * Eligible rows that are still between two cursors. Asked only when after a crash nobody can tell whether a journalled
     * batch was committed: if they are gone it was.
     */
    long remaining(Session session, C from, C to) throws SQLException;

    /**
     * Whether a batch was certainly not committed, because rows are there that it must have seen and would have removed. Asked
     * like {@link #remaining}, of which others who write meanwhile make no proof.
     *
     * @param since transaction id with epoch: whatever has a lower one had ended before the batch began
     */
    default boolean undone(Session session, C from, C to, String since) throws SQLException {
        return false;
    }

    /**
     * Whether a batch in doubt must not be done again from the cursor before it: what it did outside of the database, or rows that
     * it added, would be lost or doubled. The step then goes on behind a batch that was committed; and one of which nobody can tell
     * counts as committed, unless it is {@link #undone}. What it made durable for a batch that was not committed is there then,
     * too, so it has to be of a kind that is better there twice than never.
     */
    default boolean goesOnBehind() {
        return false;
    }

    /**
     * What stays of a cursor when the step begins again, because after a failover what is behind it may be back; empty if nothing.
     */
    default Optional<C> startedOver(C cursor) {
        return Optional.empty();
    }

    /**
     * Whether nothing is left to do, asked outside of a transaction when the policy's row limit allows no more rows: the step
     * then ends as if its last batch had said so. False if that cannot be told soon.
     */
    default boolean isDone(Session session) throws SQLException {
        return false;
    }

    /** The step is left, whether it has ended or goes on later, here or elsewhere: lets go of what it holds open in this process. */
    default void leave() {}

    /**
     * Called once when the last batch is committed, outside of a transaction: what only the end can tell, such as residual
     * and pinned rows or bytes returned. Must be repeatable.
     */
    default Totals finish(Session session) throws SQLException {
        return Totals.NONE;
    }
}
