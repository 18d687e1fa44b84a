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
 *
 * <p>A scan by row addresses has no buffers of its own, as one of a whole large table has: what it reads goes through the server's
 * memory, as all that the batches before it have read.
 */
final class GentleLook {
    /** Blocks of a stretch: a megabyte, which is read in about the time of a piece of a batch. */
    private static final int BLOCKS = 128;
    /** Most rows to ask for at a time: however many stretches it takes to find as many, they are gone over without a rest. */
    private static final int MOST_ROWS = 8;

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
     * would be read again for each stretch. If it says so, row addresses are the only good way to rows from here to the end of
     * the transaction.
     */
    boolean isCalledFor(Session session) throws SQLException {
        if (!breather.isGentle()
                || !removal.eligible().pinnedBy().isEmpty()
                || !ServerPlan.of(session, rows.counted()).has("Seq Scan")) {
            return false;
        }
        Sql.of("SAVEPOINT caretaker_look").update(session.connection());
        PlannerSettings.byAddress(session);
        boolean byStretches = ServerPlan.of(session, rows.stretches(BLOCKS)).has("Tid Range Scan");
        Sql.of((byStretches ? "RELEASE" : "ROLLBACK TO") + " SAVEPOINT caretaker_look")
                .update(session.connection());
        return byStretches;
    }

    /**
     * Lists eligible rows, within the open transaction.
     *
     * @param most rows to list
     * @param limit of the time it may read for, which with rests is up to five times as long
     */
    Found list(Session session, long most, Duration limit) throws SQLException {
        Stretches stretches = new Stretches(most, limit);
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
        private final Duration limit;
        private Duration read = Duration.ZERO;
        private long size;
        private int next = 1;
        private long began = System.nanoTime();
        private boolean late;
        private boolean stopped;

        Stretches(long most, Duration limit) {
            this.most = most;
            this.limit = limit;
        }

        @Override
        public int after(ResultSet row) throws SQLException {
            if (read.compareTo(limit) > 0) {
                late = true;
                return 0;
            }
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
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            read = read.plus(took);
            stopped = !breather.rest(took);
            began = System.nanoTime();
            next = 1;
            return stopped ? 0 : next;
        }
    }
}
