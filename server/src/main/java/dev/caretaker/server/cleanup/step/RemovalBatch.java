package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.Batch;

/**
 * One batch of a row removal.
 *
 * @param done what it did, and where the next one goes on
 * @param end what it tells about eligible rows; counts if it is the last
 */
record RemovalBatch(Batch<RemovalCursor> done, Leftovers.End end) {
    static RemovalBatch of(Batch<RemovalCursor> done) {
        return new RemovalBatch(done, Leftovers.End.UNKNOWN);
    }
}
