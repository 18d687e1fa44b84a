package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Batch;
import java.time.Duration;

/**
 * A batch that was committed.
 *
 * @param <C> cursor of the step
 * @param overhead time since its work was done: until the batch before it was committed, and for its own journal and commit
 * @param commit time that the commit alone took
 */
record Committed<C extends Record>(Worked<C> worked, Duration overhead, Duration commit) {
    Batch<C> batch() {
        return worked.batch();
    }

    Duration took() {
        return worked.work().plus(overhead);
    }
}
