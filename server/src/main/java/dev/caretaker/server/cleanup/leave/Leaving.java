package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How deleted rows leave: what becomes of them in the statement that deletes them. So what is kept is what was deleted, whatever
 * others do meanwhile, and both are committed or neither is.
 */
public interface Leaving {
    /** What is deferred happens at once, in the same round trip: what it cascades to is counted, what it forbids is told. */
    String FIRE = "SET CONSTRAINTS ALL IMMEDIATE";

    /**
     * Gets ready on this session, outside of a batch: makes what is to keep the rows, if it is not there yet.
     *
     * @throws dev.caretaker.server.error.CaretakerException ARCHIVE_DOES_NOT_FIT
     */
    default void open(Session session) throws SQLException {}

    /**
     * Runs a DELETE inside the open transaction, keeps what it deletes, and has fire what is deferred.
     *
     * @param delete without RETURNING
     * @return rows that it deleted
     */
    long delete(Session session, SqlFragment delete) throws SQLException;

    /** What a DELETE has to return of each row {@code t} for {@link #keep}; none if nothing is kept. */
    default List<String> columns() {
        return List.of();
    }

    /**
     * The same as {@link #delete}, as a part of a statement that deletes rows of several relations.
     *
     * @param gone named by the statement's WITH: the deleted rows, with {@link #columns}
     * @return what is to follow in the WITH, with a comma before each; names begin with {@code gone}
     */
    default SqlFragment keep(Session session, String gone) throws SQLException {
        return SqlFragment.of("");
    }

    /**
     * The same where rows leave as a stream: deletes rows of several relations of one table.
     *
     * @param with what is to stand behind WITH: the deletes
     * @param from rows with {@link #columns}, of all of them
     * @param relation column of these rows that tells where each lay, by oid
     * @return rows by relation; empty if they do not leave as a stream: {@link #keep} is to be used
     */
    default Optional<Map<Long, Long>> stream(Session session, SqlFragment with, String from, String relation)
            throws SQLException {
        return Optional.empty();
    }

    /**
     * Takes up what a cursor says of the outside of the database, before any batch.
     *
     * @param marks one for each archive into which something went; none at the very start
     */
    default void resume(List<PartMark> marks) {}

    /**
     * A batch begins, or goes on in the same transaction.
     *
     * @param marks of the cursor
     * @param more whether it goes on
     */
    default void begin(Session session, List<PartMark> marks, boolean more) throws SQLException {}

    /** What was deleted last was rolled back to a savepoint. */
    default void undo() {}

    /**
     * The batch's rows are deleted, or a part of them.
     *
     * @return what the next cursor says of the outside of the database; none if there is nothing outside
     */
    default List<PartMark> end() {
        return List.of();
    }

    /**
     * Makes durable what the batch did outside of the database. The next one may write meanwhile.
     *
     * @param marks of the cursor behind the batch
     */
    default void makeDurable(List<PartMark> marks) {}

    /** The batch was rolled back. */
    default void discard() {}

    /** The last batch is committed; repeatable. */
    default void finish() {}

    /** Lets go of what is held open in this process. */
    default void leave() {}

    /** Whether rows are kept outside of the database, where no rollback reaches. */
    default boolean outside() {
        return false;
    }

    /**
     * Called in a batch's transaction when its rows are deleted, which keeps the tables as they are: nothing was lost because
     * somebody altered one since {@link #open}.
     *
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED
     */
    default void requireUnchanged(Session session) throws SQLException {}

    /**
     * Where rows are kept, for totals; none if they are not. Bytes outside of the database are told by {@link #written}.
     *
     * @param rowBytes average bytes of one
     */
    default List<Archived> archived(long rows, long rowBytes) {
        return List.of();
    }

    /** Bytes that the latest batch has written outside of the database. */
    default List<Archived> written() {
        return List.of();
    }

    /** Whether a batch may begin while the one before it is not committed yet. */
    default boolean overlaps() {
        return true;
    }

    /**
     * Where batches overlap: whether the one that goes on from these marks may, too.
     *
     * @param marks of its cursor
     */
    default boolean mayOverlap(List<PartMark> marks) {
        return true;
    }
}
