package dev.caretaker.server.cleanup.step;

import java.util.Optional;

/**
 * What a partition drop knows of itself.
 *
 * @param detaching whether DETACH … CONCURRENTLY was begun: from then on its rows may be invisible
 * @param place where it was attached, seen before the detach, which only this step then may have done; empty before
 * @param counted whether the following were measured
 * @param rows rows of the partition
 * @param rowsExact false if they are an estimate
 * @param bytes on disk, with indexes and TOAST
 * @param refusal why Postgres does not drop it: then it is attached again; empty unless it refused
 * @param detached why it cannot be attached again either; empty unless that was refused, too
 */
public record DropMemory(
        boolean detaching,
        Optional<PartitionPlace> place,
        boolean counted,
        long rows,
        boolean rowsExact,
        long bytes,
        Optional<String> refusal,
        Optional<String> detached) {
    static final DropMemory NOTHING_DONE =
            new DropMemory(false, Optional.empty(), false, 0, true, 0, Optional.empty(), Optional.empty());

    DropMemory whileDetaching() {
        return new DropMemory(true, place, counted, rows, rowsExact, bytes, refusal, detached);
    }

    /** The first look counts: afterwards the detach may have changed it. */
    DropMemory at(PartitionPlace seen) {
        Optional<PartitionPlace> first = place.isPresent() ? place : Optional.of(seen);
        return new DropMemory(detaching, first, counted, rows, rowsExact, bytes, refusal, detached);
    }

    DropMemory measured(long rowCount, boolean exact, long size) {
        return new DropMemory(detaching, place, true, rowCount, exact, size, refusal, detached);
    }

    DropMemory refused(String why) {
        return new DropMemory(detaching, place, counted, rows, rowsExact, bytes, Optional.of(why), detached);
    }

    DropMemory staysDetached(String why) {
        return new DropMemory(detaching, place, counted, rows, rowsExact, bytes, refusal, Optional.of(why));
    }
}
