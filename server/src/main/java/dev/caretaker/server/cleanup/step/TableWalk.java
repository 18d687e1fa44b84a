package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A way to go over a table once, in batches, removing what is eligible. */
interface TableWalk {

    /** Makes the walk of one step. */
    @FunctionalInterface
    interface Maker {
        TableWalk make(RowRemoval removal, EligibleRows rows, Deletion deletion);
    }

    BatchSizing sizing();

    /** Where a removal begins: with a pass of this mechanism, unless it is better to list all rows at once. */
    default RemovalCursor start(long relfilenode) {
        return RemovalCursor.start(relfilenode);
    }

    /** Gets ready on this session, outside of a batch. */
    void open(Session session) throws SQLException;

    /** One batch inside the open transaction. */
    Slice take(Session session, Position at, long size) throws SQLException;

    /**
     * May get at hand what the batch after the latest one needs. Called by another thread than {@link #take}, mostly while that
     * runs: what it leaves behind must do no harm when it is out of date.
     *
     * @param wanted whether to go on
     */
    default void lookAhead(Session idle, long size, BooleanSupplier wanted) throws SQLException {}

    /** Whether a batch takes every eligible row that is in its range when it begins. */
    boolean takesAll();

    /** Statements by which the latest batch found its rows, beside the DELETE; none if it was told them without. */
    default Stream<SqlFragment> latest() {
        return Stream.empty();
    }

    /** Condition on the rows that a batch from one position to another, or to the pass's end, works on. */
    SqlFragment between(Position from, Optional<Position> to);

    /** Where to go on when the table was rewritten and row addresses are void. */
    Position afterRewrite(Position at);

    /** Forgets what is kept in memory: the last batch was rolled back. */
    void discard();
}
