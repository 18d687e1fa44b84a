package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * The planned table and its file, as they were when the latest transaction first worked on them. A rewritten table (VACUUM FULL, CLUSTER)
 * moved every row: what was said by address starts over.
 */
final class TableFile {
    private final RowRemoval removal;
    private final TableWalk walk;
    private final Sweeps sweeps;
    private Relation relation;

    TableFile(RowRemoval removal, TableWalk walk, Sweeps sweeps) {
        this.removal = removal;
        this.walk = walk;
        this.sweeps = sweeps;
    }

    /**
     * @return number of the file
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED
     */
    long open(Session session) throws SQLException {
        relation = Relation.asPlanned(session, removal);
        return relation.relfilenode();
    }

    /** Makes sure, in the transaction of a batch, that it still is what was planned. */
    Batch<RemovalCursor> verified(Session session, Batch<RemovalCursor> batch) throws SQLException {
        Relation now = Relation.verified(session, removal.eligible());
        // A file that was rewritten may hold other columns: then nothing may have changed that the plan depends on.
        relation = now.relfilenode() == batch.next().relfilenode() ? now : Relation.asPlanned(session, removal);
        return in(batch);
    }

    /** Transaction that has written to it; empty if it has not. */
    OptionalLong xid() {
        return relation.xid();
    }

    Batch<RemovalCursor> in(Batch<RemovalCursor> batch) {
        RemovalCursor next = in(batch.next());
        if (next.equals(batch.next())) {
            return batch;
        }
        return new Batch<>(next, false, batch.done(), batch.fill(), -1, batch.phase());
    }

    RemovalCursor in(RemovalCursor cursor) {
        if (cursor.relfilenode() == relation.relfilenode()) {
            return cursor;
        }
        sweeps.forget();
        return cursor.inRewritten(relation.relfilenode(), walk.afterRewrite(cursor.position()));
    }
}
