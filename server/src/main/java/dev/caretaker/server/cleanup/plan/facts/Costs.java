package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Estimate.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * What removing rows costs, from statistics and a few constants. The constants were measured on PostgreSQL 18 with warm
 * caches on one core, by deleting 100,000 of 500,000 rows of 100 bytes under EXPLAIN (ANALYZE, WAL); they are for telling seconds
 * from hours, not for promises.
 */
public final class Costs {
    /** Line pointer and tuple header with padding (Postgres docs, "Database Page Layout"). */
    private static final long ROW_OVERHEAD_BYTES = 28;

    /** A heap delete record without images: 54 bytes, and 14 for the old key at wal_level logical. No index is touched. */
    private static final long WAL_PER_ROW_BYTES = 68;
    /** Values stored out of line are cut into chunks of this size, each a row of its own. */
    private static final long TOAST_CHUNK_BYTES = 1_996;

    private static final double MICROS_PER_ROW = 1.0;
    /** Reading a cached page and testing its rows. */
    private static final double MICROS_PER_PAGE = 3.5;
    /** A trigger function of the user's may cost anything; a probe tells. */
    private static final double MICROS_PER_TRIGGER = 4;
    /** DETACH and DROP: two transactions and the unlinking of files. */
    private static final Duration DROP = Duration.ofMillis(100);

    private static final long VACUUM_BYTES_PER_SECOND = 100_000_000;
    private static final Duration BATCH = Duration.ofMillis(100);

    private Costs() {}

    /**
     * Deleting by rows.
     *
     * @param alongIndex whether only pages with eligible rows are read, and not the whole heap
     * @param triggers user triggers that fire for every row
     * @param keys what foreign keys add
     */
    public static Estimate rows(
            Storage storage,
            Measured measured,
            boolean alongIndex,
            int triggers,
            KeyCosts.Cost keys,
            boolean fullPageWrites) {
        long rows = measured.rows();
        double share = measured.share();
        long toastChunks = Math.round(storage.toastBytes() * share / TOAST_CHUNK_BYTES);
        double pages = pagesTouched(storage, rows) + storage.toastBytes() * share / Storage.PAGE_BYTES;
        double wal = (double) rows * WAL_PER_ROW_BYTES
                + (double) toastChunks * WAL_PER_ROW_BYTES
                + (fullPageWrites ? pages * Storage.PAGE_BYTES : 0)
                + keys.walBytes();
        double micros = (rows + toastChunks) * MICROS_PER_ROW
                + (alongIndex ? pages : pages + storage.heapPages()) * MICROS_PER_PAGE
                + (double) rows * triggers * MICROS_PER_TRIGGER
                + keys.micros();
        if (measured.probe().isPresent()) {
            Measured.Probe probe = measured.probe().get();
            wal = (double) probe.walBytes() / probe.rows() * rows;
            micros = probe.duration().toNanos() / 1_000.0 / probe.rows() * rows;
        }
        Duration duration = Duration.ofNanos(Math.round(micros * 1_000));
        long bytes = rows * rowBytes(storage, measured.tableRows());
        return new Estimate(
                rows,
                measured.exact(),
                measured.tableRows(),
                bytes,
                bytes,
                0,
                Math.round(wal),
                rows == 0 ? 0 : Math.max(1, duration.dividedBy(BATCH)),
                duration,
                measured.probe().isPresent() ? Source.PROBE : Source.STATISTICS,
                measured.probe().map(Measured.Probe::triggerCosts).orElse(List.of()),
                measured.margin());
    }

    /** Dropping a partition with all below it. */
    public static Estimate drop(Collection<Storage> storages, long rows, boolean exact) {
        long deleted = storages.stream()
                .mapToLong(storage -> storage.heapBytes() + storage.toastBytes())
                .sum();
        long returned = storages.stream().mapToLong(Storage::totalBytes).sum();
        return new Estimate(
                rows,
                exact,
                rows,
                deleted,
                0,
                returned,
                Storage.PAGE_BYTES * storages.size(),
                2,
                DROP,
                Source.STATISTICS,
                List.of(),
                OptionalLong.empty());
    }

    /** VACUUM (ANALYZE) afterwards, which reads the heap and each index once. */
    public static Estimate vacuum(Storage storage) {
        Duration duration = Duration.ofMillis(storage.totalBytes() * 1_000 / VACUUM_BYTES_PER_SECOND);
        return new Estimate(0, true, 0, 0, 0, 0, 0, 0, duration, Source.STATISTICS, List.of(), OptionalLong.empty());
    }

    public static Estimate sum(Collection<Estimate> estimates) {
        return estimates.stream().reduce(Estimate.NONE, Costs::plus);
    }

    /** Average bytes of a row with its overhead and its share of what is stored out of line. */
    public static long rowBytes(Storage storage, long tableRows) {
        long rows = Math.max(1, tableRows);
        if (storage.rowBytes().isEmpty()) {
            return Math.max(ROW_OVERHEAD_BYTES, (storage.heapBytes() + storage.toastBytes()) / rows);
        }
        return storage.rowBytes().getAsLong() + ROW_OVERHEAD_BYTES + storage.toastBytes() / rows;
    }

    /** Rows of a relation by its statistics, or by its size where it has none. */
    public static long tableRows(Storage storage) {
        return storage.tuples() >= 0
                ? Math.round(storage.tuples())
                : storage.heapBytes() / (storage.rowBytes().orElse(72) + ROW_OVERHEAD_BYTES);
    }

    /**
     * Pages with an eligible row: between those of rows that lie together and those of rows that lie anywhere, weighted by
     * the square of the correlation as Postgres' own cost_index() does. The latter by Cardenas' formula (1975).
     */
    private static double pagesTouched(Storage storage, long rows) {
        double pages = storage.heapPages();
        if (pages == 0) {
            return 0;
        }
        double tableRows = Math.max(1, tableRows(storage));
        double together = pages * Math.min(1, rows / tableRows);
        double anywhere = pages * (1 - Math.pow(1 - 1 / pages, rows));
        double correlation = storage.timeCorrelation().orElse(0);
        double weight = correlation * correlation;
        return weight * together + (1 - weight) * anywhere;
    }

    private static Estimate plus(Estimate one, Estimate other) {
        boolean probed = one.source() == Source.PROBE || other.source() == Source.PROBE;
        return new Estimate(
                one.rows() + other.rows(),
                one.rowsExact() && other.rowsExact(),
                one.tableRows() + other.tableRows(),
                one.bytesDeleted() + other.bytesDeleted(),
                one.bytesReusable() + other.bytesReusable(),
                one.bytesReturned() + other.bytesReturned(),
                one.walBytes() + other.walBytes(),
                one.batches() + other.batches(),
                one.duration().plus(other.duration()),
                probed ? Source.PROBE : Source.STATISTICS,
                List.of(),
                margin(one.rowsMargin(), other.rowsMargin()));
    }

    /** Of a sum of independent samples. */
    private static OptionalLong margin(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.round(Math.hypot(one.getAsLong(), other.getAsLong())))
                : one.isPresent() ? one : other;
    }
}
