package dev.caretaker.server.cleanup.step;

/**
 * What a partition drop knows of itself.
 *
 * @param detaching whether DETACH … CONCURRENTLY was begun: from then on its rows may be invisible
 * @param counted whether the following were measured
 * @param rows rows of the detached partition
 * @param rowsExact false if they are an estimate
 * @param bytes on disk, with indexes and TOAST
 */
public record DropMemory(boolean detaching, boolean counted, long rows, boolean rowsExact, long bytes) {
    static final DropMemory NOTHING_DONE = new DropMemory(false, false, 0, true, 0);

    DropMemory whileDetaching() {
        return new DropMemory(true, counted, rows, rowsExact, bytes);
    }

    DropMemory measured(long rowCount, boolean exact, long size) {
        return new DropMemory(true, true, rowCount, exact, size);
    }
}
