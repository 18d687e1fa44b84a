package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Goes over the table with the step's own walk. A look at the table after it is spared where {@link Stillness} shows that nobody
 * wrote meanwhile.
 */
final class Pass {
    private final TableWalk walk;
    private final Deletion deletion;
    private final long averageRowBytes;
    private final Stillness stillness = new Stillness();
    private boolean provesStillness;

    Pass(TableWalk walk, Deletion deletion, long averageRowBytes) {
        this.walk = walk;
        this.deletion = deletion;
        this.averageRowBytes = averageRowBytes;
    }

    /** @param movesNothing whether the step itself moves no row of the table: then stillness proves what it is meant to */
    void open(Session session, boolean movesNothing) throws SQLException {
        provesStillness = movesNothing;
        walk.open(session);
        stillness.end();
    }

    RemovalBatch next(Session session, RemovalCursor from, long size) throws SQLException {
        if (from.sweep() == 0 && from.position().equals(Position.START) && provesStillness) {
            stillness.begin(session);
        }
        Slice slice = walk.take(session, from.position(), size);
        if (deletion.isUnfinished()) {
            walk.discard();
            RemovalCursor again = from.at(from.position(), true);
            return RemovalBatch.of(new Batch<>(
                    again, false, slice.removed().totals(averageRowBytes), slice.fill(), -1, from.phaseName()));
        }
        RemovalCursor at = from.at(slice.next(), slice.removed().rows() > 0);
        boolean still = slice.end() && stillness.lasted(session);
        boolean last = still || slice.end() && at.sweep() > 0 && !at.found();
        RemovalCursor next = slice.end() && !last ? at.nextSweep() : at;
        Batch<RemovalCursor> done = new Batch<>(
                next, last, slice.removed().totals(averageRowBytes), slice.fill(), slice.fraction(), at.phaseName());
        return new RemovalBatch(done, still ? Leftovers.End.NOTHING_LEFT : Leftovers.End.UNKNOWN);
    }

    /** A batch was worked, of whatever kind. */
    void worked(OptionalLong xid) {
        stillness.batch(xid);
    }

    /** The last batch was rolled back. */
    void discard() {
        stillness.end();
        walk.discard();
    }
}
