package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.Breather;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Lists what is eligible in a fresh snapshot and deletes by that list, until one lists nothing. */
final class Sweeps {
    /** Longest look at a whole table; a larger table is gone over by the walk again. */
    static final Duration LOOK = Duration.ofSeconds(30);
    /** Rows of one list; some megabytes of memory while the driver reads them. */
    private static final long LIST = 200_000;

    private static final long[] NOTHING = {};

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Deletion deletion;
    private Breather breather = Breather.NONE;
    private AddressList list = AddressList.NONE;
    private volatile long[] upcoming = NOTHING;
    /** Whether a row of the list was not there any more: it may have moved. */
    private boolean escaped;

    Sweeps(RowRemoval removal, EligibleRows rows, Deletion deletion) {
        this.removal = removal;
        this.rows = rows;
        this.deletion = deletion;
    }

    void breathing(Breather with) {
        breather = with;
    }

    /** Addresses of the batch after the one that is being worked; from any thread. */
    long[] upcoming() {
        return upcoming;
    }

    void forget() {
        list = AddressList.NONE;
        upcoming = NOTHING;
    }

    /** The last batch was rolled back. */
    void discard() {
        upcoming = NOTHING;
    }

    RemovalBatch next(Session session, RemovalCursor from, long size) throws SQLException {
        return listed(from) ? delete(session, from, size) : look(session, from);
    }

    /** Whether the list has rows for this position, whatever became of the batches that took some of them. */
    private boolean listed(RemovalCursor from) {
        list.goOnBehind(from.position().after().map(RowAddress::parse).orElse(-1L));
        return !list.isEmpty();
    }

    /** Lists what is eligible in one snapshot, for the batches that follow; beside others {@linkplain GentleLook gently}. */
    private RemovalBatch look(Session session, RemovalCursor from) throws SQLException {
        GentleLook gently = new GentleLook(removal, rows, breather);
        if (!gently.isCalledFor(session)) {
            return looked(from, lookAtOnce(session, from));
        }
        GentleLook.Found found = gently.list(session, LIST, LOOK);
        return found.stopped() ? searched(from) : looked(from, found.addresses());
    }

    /**
     * Mostly nothing is eligible: that is counted first, since a count may use every index and worker the server has, and a list
     * that is cut off may not.
     */
    private Optional<long[]> lookAtOnce(Session session, RemovalCursor from) throws SQLException {
        return TimeLimit.within(
                session, LOOK, () -> from.sweep() > 0 && rows.count(session) == 0 ? NOTHING : rows.list(session, LIST));
    }

    /** @param found empty if the look took too long */
    private RemovalBatch looked(RemovalCursor from, Optional<long[]> found) {
        boolean tooMany = from.sweep() == 0 && found.isPresent() && found.get().length == LIST;
        if (found.isEmpty() || tooMany) {
            return searched(from.asPass());
        }
        list = AddressList.of(found.get(), LIST);
        escaped = false;
        return list.isEmpty() ? nothingLeft(from) : searched(from.at(Position.START, false));
    }

    private static RemovalBatch searched(RemovalCursor next) {
        return RemovalBatch.of(new Batch<>(next, false, Totals.NONE, -1, -1, next.phaseName()));
    }

    private static RemovalBatch nothingLeft(RemovalCursor from) {
        RemovalCursor next = from.at(Position.START, false);
        return new RemovalBatch(
                new Batch<>(next, true, Totals.NONE, 1, -1, from.phaseName()), Leftovers.End.NOTHING_LEFT);
    }

    /**
     * Once all rows of a complete list are deleted nothing is left to look for: whatever was eligible when the step began and
     * was not on the list was gone already. Rows that were held back may have been set free meanwhile.
     */
    private RemovalBatch delete(Session session, RemovalCursor from, long size) throws SQLException {
        long[] addresses = list.take(size);
        upcoming = list.peek(size);
        Removed removed = deletion.at(session, addresses);
        Totals totals = removed.totals(removal.averageRowBytes());
        if (deletion.isUnfinished()) {
            RemovalCursor again = from.at(from.position(), true);
            return RemovalBatch.of(new Batch<>(again, false, totals, 1, -1, from.phaseName()));
        }
        escaped |= removed.rows() < addresses.length
                || !removal.eligible().pinnedBy().isEmpty();
        boolean found = removal.kinship().isNone() || removed.rows() > 0;
        RemovalCursor next = from.at(Position.afterRow(addresses[addresses.length - 1]), found);
        boolean onlyHeld = from.sweep() > 0 && !next.found();
        boolean last = list.isEmpty() && list.isComplete() && (!escaped || onlyHeld);
        double done = list.done();
        if (list.isEmpty() && !last) {
            next = list.isComplete() ? from.nextSweep() : from.at(Position.START, true);
            list = AddressList.NONE;
        }
        double fill = (double) addresses.length / size;
        return new RemovalBatch(
                new Batch<>(next, last, totals, fill, done, from.phaseName()),
                last ? Leftovers.End.NOTHING_LEFT : Leftovers.End.UNKNOWN);
    }
}
