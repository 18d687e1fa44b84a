package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
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
     * Called in a batch's transaction when its rows are deleted, which keeps the tables as they are: nothing was lost because
     * somebody altered one since {@link #open}.
     *
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED
     */
    default void requireUnchanged(Session session) throws SQLException {}

    /**
     * Where rows are kept, for totals; empty if they are not.
     *
     * @param rowBytes average bytes of one
     */
    default Optional<Archived> archived(long rows, long rowBytes) {
        return Optional.empty();
    }

    /** Whether a batch may begin while the one before it is not committed yet. */
    default boolean overlaps() {
        return true;
    }
}
