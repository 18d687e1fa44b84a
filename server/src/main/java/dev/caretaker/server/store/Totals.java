package dev.caretaker.server.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a step or a run did.
 *
 * @param rowsDeleted rows removed by the policy's own predicate
 * @param rowsExact false if a part of {@code rowsDeleted} is an estimate
 * @param rowsCascaded child rows removed or set NULL through foreign keys
 * @param cascaded the same by table, those without any left out
 * @param rowsPinned eligible rows that a referencing row held back
 * @param rowsResidual eligible rows still there at the end
 * @param bytesDeleted bytes of deleted rows (estimate: average width times rows)
 * @param bytesReusable bytes that became reusable inside the relation (estimate)
 * @param bytesReturned bytes returned to the file system (measured)
 * @param walBytes write-ahead log by LSN difference: system-wide, hence an estimate
 * @param batches committed transactions
 * @param retries batches that were rolled back and tried again
 * @param busy time spent working, waits excluded
 * @param pinnedSamples up to ten keys of pinned rows
 * @param space size and dead rows of what was vacuumed, rewritten or rebuilt, before and after
 * @param archived rows that were kept before they were deleted, by place
 * @param restored what became of rows that were brought back
 */
public record Totals(
        long rowsDeleted,
        boolean rowsExact,
        long rowsCascaded,
        List<Cascaded> cascaded,
        long rowsPinned,
        long rowsResidual,
        long bytesDeleted,
        long bytesReusable,
        long bytesReturned,
        long walBytes,
        long batches,
        long retries,
        Duration busy,
        List<String> pinnedSamples,
        Space space,
        List<Archived> archived,
        Restored restored) {

    public static final Totals NONE = new Figures().totals();

    public Totals {
        cascaded = Objects.requireNonNullElse(cascaded, List.of());
        space = Objects.requireNonNullElse(space, Space.NONE);
        archived = Objects.requireNonNullElse(archived, List.of()); // steps of older servers have none
        restored = Objects.requireNonNullElse(restored, Restored.NONE);
    }

    /** Rows removed by one batch, and no more. */
    public static Totals ofRows(long rowsDeleted, long bytesDeleted) {
        return ofRows(rowsDeleted, List.of(), bytesDeleted);
    }

    /** Rows removed by one batch with those that their removal reached, and no more. */
    public static Totals ofRows(long rowsDeleted, List<Cascaded> cascaded, long bytesDeleted) {
        return of(figures -> {
            figures.rowsDeleted = rowsDeleted;
            figures.cascaded = cascaded;
            figures.bytesDeleted = bytesDeleted;
        });
    }

    /** A relation dropped with all its rows: its bytes go back to the file system. */
    public static Totals ofDrop(long rows, boolean rowsExact, long bytes) {
        return of(figures -> {
            figures.rowsDeleted = rows;
            figures.rowsExact = rowsExact;
            figures.bytesDeleted = bytes;
            figures.bytesReturned = bytes;
        });
    }

    /** Rows that were kept, and no more. */
    public static Totals ofArchived(List<Archived> archived) {
        return of(figures -> figures.archived = archived.size() < 2 ? archived : together(List.of(), archived));
    }

    /** Rows that were brought back, and no more. */
    public static Totals ofRestored(long rows, long leftOut) {
        return of(figures -> figures.restored = new Restored(rows, leftOut));
    }

    /** Space made available by upkeep, and no more. */
    public static Totals ofSpace(long bytesReusable, long bytesReturned, Space space) {
        return of(figures -> {
            figures.bytesReusable = bytesReusable;
            figures.bytesReturned = bytesReturned;
            figures.space = space;
        });
    }

    /** What the end of a step found still there, and no more. */
    public static Totals leftovers(long rowsResidual, long rowsPinned, List<String> pinnedSamples) {
        return of(figures -> {
            figures.rowsResidual = rowsResidual;
            figures.rowsPinned = rowsPinned;
            figures.pinnedSamples = List.copyOf(pinnedSamples);
        });
    }

    /** What the engine measures of one committed batch. */
    public static Totals ofBatch(long walBytes, Duration busy) {
        return of(figures -> {
            figures.batches = 1;
            figures.walBytes = walBytes;
            figures.busy = busy;
        });
    }

    /** What the engine measures of one statement outside of batches. */
    public static Totals ofStatement(long walBytes, Duration busy) {
        return of(figures -> {
            figures.walBytes = walBytes;
            figures.busy = busy;
        });
    }

    /** One batch that was rolled back and is tried again. */
    public static Totals retry() {
        return of(figures -> figures.retries = 1);
    }

    private static Totals of(Consumer<Figures> given) {
        Figures figures = new Figures();
        given.accept(figures);
        return figures.totals();
    }

    /** The same, with {@code rowsDeleted} marked as an estimate. */
    public Totals inexact() {
        return plus(of(figures -> figures.rowsExact = false));
    }

    /** Rows that were dealt with, for progress. */
    public long rowsDone() {
        return rowsDeleted + restored.rows() + restored.leftOut();
    }

    public Totals plus(Totals other) {
        return new Totals(
                rowsDeleted + other.rowsDeleted,
                rowsExact && other.rowsExact,
                rowsCascaded + other.rowsCascaded,
                merged(cascaded, other.cascaded),
                rowsPinned + other.rowsPinned,
                rowsResidual + other.rowsResidual,
                bytesDeleted + other.bytesDeleted,
                bytesReusable + other.bytesReusable,
                bytesReturned + other.bytesReturned,
                walBytes + other.walBytes,
                batches + other.batches,
                retries + other.retries,
                busy.plus(other.busy),
                Stream.concat(pinnedSamples.stream(), other.pinnedSamples.stream())
                        .limit(10)
                        .toList(),
                space.plus(other.space),
                together(archived, other.archived),
                restored.plus(other.restored));
    }

    private static List<Archived> together(List<Archived> some, List<Archived> others) {
        if (others.isEmpty()) {
            return some;
        }
        Map<String, Archived> places = new LinkedHashMap<>();
        Stream.concat(some.stream(), others.stream())
                .forEach(archived -> places.merge(archived.place(), archived, Archived::plus));
        return List.copyOf(places.values());
    }

    private static List<Cascaded> merged(List<Cascaded> some, List<Cascaded> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return some.isEmpty() ? others : some;
        }
        Map<TableName, Long> rows = new LinkedHashMap<>();
        Stream.concat(some.stream(), others.stream())
                .forEach(cascade -> rows.merge(cascade.table(), cascade.rows(), Long::sum));
        return rows.entrySet().stream()
                .map(entry -> new Cascaded(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Tables and indexes before and after upkeep.
     *
     * @param bytesBefore size: of a table with TOAST (and with its indexes if it was rewritten), of an index alone
     * @param deadBefore dead rows by the server's counters
     */
    public record Space(long bytesBefore, long bytesAfter, long deadBefore, long deadAfter) {
        public static final Space NONE = new Space(0, 0, 0, 0);

        Space plus(Space other) {
            return new Space(
                    bytesBefore + other.bytesBefore,
                    bytesAfter + other.bytesAfter,
                    deadBefore + other.deadBefore,
                    deadAfter + other.deadAfter);
        }
    }

    /** Rows of a table that went or were changed through foreign keys. */
    public record Cascaded(TableName table, long rows) {}

    /**
     * Rows that were kept before they were deleted.
     *
     * @param place where, for people
     * @param rows of a roll-up those that were merged into it
     * @param bytes as a file has them; of a table an estimate (average width times rows); 0 for a roll-up
     */
    public record Archived(String place, long rows, long bytes) {
        Archived plus(Archived other) {
            return new Archived(place, rows + other.rows, bytes + other.bytes);
        }
    }

    /**
     * Rows of an archive.
     *
     * @param rows loaded
     * @param leftOut read and not loaded: not wanted, or there already
     */
    public record Restored(long rows, long leftOut) {
        public static final Restored NONE = new Restored(0, 0);

        Restored plus(Restored other) {
            return new Restored(rows + other.rows, leftOut + other.leftOut);
        }
    }
}
