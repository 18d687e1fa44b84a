package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Batch;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.time.Duration;
import java.util.Optional;

/**
 * A batch that is ready to be journalled, in a transaction that is open.
 *
 * @param <C> cursor of the step
 * @param xid of the transaction; empty if it wrote nothing
 * @param since transaction id before which all had ended when it began
 * @param work time it took
 * @param planning part of it that went into planning; empty if that was not looked at
 * @param gently whether it was worked in slices, so that its time tells nothing of sizes
 * @param seen what others did since the batch before
 * @param readyAt when it was ready, by System.nanoTime
 */
record Worked<C extends Record>(
        Session session,
        Batch<C> batch,
        Optional<String> xid,
        String since,
        Duration work,
        Optional<Duration> planning,
        long walBytes,
        boolean gently,
        Pacer.Seen seen,
        long readyAt) {

    /** Whether it changed nothing and nothing comes after it, so that there is nothing to be journalled. */
    boolean onlyEnds() {
        return batch.last() && xid.isEmpty() && batch.done().equals(Totals.NONE);
    }
}
