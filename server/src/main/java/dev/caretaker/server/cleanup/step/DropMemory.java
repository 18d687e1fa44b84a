package dev.caretaker.server.cleanup.step;

import java.util.Optional;

/**
 * What a partition drop knows of itself.
 *
 * @param detaching whether DETACH … CONCURRENTLY was begun: from then on its rows may be invisible
 * @param bounds the partition's constraint as the server wrote it before the detach, which only this step then may have
 *     done; empty before
 * @param counted whether the following were measured
 * @param rows rows of the detached partition
 * @param rowsExact false if they are an estimate
 * @param bytes on disk, with indexes and TOAST
 */
public record DropMemory(
        boolean detaching, Optional<String> bounds, boolean counted, long rows, boolean rowsExact, long bytes) {
    static final DropMemory NOTHING_DONE = new DropMemory(false, Optional.empty(), false, 0, true, 0);

    DropMemory whileDetaching() {
        return new DropMemory(true, bounds, counted, rows, rowsExact, bytes);
    }

    DropMemory within(String constraint) {
        return new DropMemory(detaching, Optional.of(constraint), counted, rows, rowsExact, bytes);
    }

    DropMemory measured(long rowCount, boolean exact, long size) {
        return new DropMemory(true, bounds, true, rowCount, exact, size);
    }
}
