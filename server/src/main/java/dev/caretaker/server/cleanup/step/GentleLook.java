package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Breather;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Looks over a whole table beside others: by one query in one snapshot, of which the server is asked for a stretch of the heap
 * at a time, with a rest after each. A scan in one go reads as fast as the disk allows; and over rows that were just deleted it
 * writes as fast, too, since it marks them as dead for all who come later.
 */
final class GentleLook {
    /** Blocks of a stretch: a megabyte, which is read in about the time of a piece of a batch. */
    private static final int BLOCKS = 128;
    /** Most rows to ask for at a time: however many stretches it takes to find as many, they are gone over without a rest. */
    private static final int MOST_ROWS = 64;

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Breather breather;

    GentleLook(RowRemoval removal, EligibleRows rows, Breather breather) {
        this.removal = removal;
        this.rows = rows;
        this.breather = breather;
    }

    /**
     * Whether to look so: others are at work, and the server would read the whole table one way or the other, and can do it by
     * stretches. An index that leads to what is eligible alone is better asked at once; and what holds rows in other tables
     * would be read again for each stretch. Row addresses are the only good way to rows from here to the end of the
     * transaction if it says so.
     */
    boolean isCalledFor(Session session) throws SQLException {
        if (!breather.isGentle()
                || !removal.eligible().pinnedBy().isEmpty()
                || !ServerPlan.of(session, rows.counted()).has("Seq Scan")) {
            return false;
        }
        PlannerSettings.byAddress(session);
        return ServerPlan.of(session, rows.stretches(BLOCKS)).has("Tid Range Scan");
    }

    /**
     * Lists eligible rows, within the open transaction.
     *
     * @param most rows to list
     * @param limit of the time it may take, rests included
     */
    Found list(Session session, long most, Duration limit) throws SQLException {
        Stretches stretches = new Stretches(most, System.nanoTime() + limit.toNanos());
        rows.stretches(BLOCKS).statement().piecemeal(session.connection(), stretches);
        return new Found(
                stretches.late || stretches.stopped
                        ? Optional.empty()
                        : Optional.of(stretches.addresses.build().toArray()),
                stretches.stopped);
    }

    /**
     * What a look found.
     *
     * @param addresses empty if it was not gone through with
     * @param stopped because the run is to stop
     */
    record Found(Optional<long[]> addresses, boolean stopped) {}

    /** Takes what the server answers, and rests after each stretch. */
    private final class Stretches implements Sql.Request {
        private final LongStream.Builder addresses = LongStream.builder();
        private final long most;
        private final long end;
        private long size;
        private int next = 1;
        private long began = System.nanoTime();
        private boolean late;
        private boolean stopped;

        Stretches(long most, long end) {
            this.most = most;
            this.end = end;
        }

        @Override
        public int after(ResultSet row) throws SQLException {
            String address = row.getString(1);
            return address == null ? endOfStretch() : row(RowAddress.parse(address));
        }

        private int row(long address) {
            addresses.add(address);
            size++;
            next = Math.min(MOST_ROWS, next * 2);
            return size < most ? next : 0;
        }

        private int endOfStretch() {
            long now = System.nanoTime();
            stopped = !breather.rest(Duration.ofNanos(now - began));
            late = now > end;
            began = System.nanoTime();
            next = 1;
            return stopped || late ? 0 : next;
        }
    }
}
