package dev.caretaker.server.cleanup.plan.kept;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Expected cost of a step or a plan.
 *
 * @param rows rows that would be removed
 * @param rowsExact whether {@code rows} was counted
 * @param tableRows rows of the relation now, by planner statistics
 * @param bytesDeleted bytes of the rows that would be deleted
 * @param bytesReusable bytes that become reusable within the relation after VACUUM
 * @param bytesReturned bytes that go back to the file system
 * @param walBytes bytes of write-ahead log
 * @param batches transactions
 * @param duration time it would take unthrottled
 * @param source where bytes, WAL and duration come from
 * @param triggerCosts only after a probe
 * @param rowsMargin how far {@code rows} may be off in 95 of 100 cases, in rows; empty unless a sample was taken
 */
public record Estimate(
        long rows,
        boolean rowsExact,
        long tableRows,
        long bytesDeleted,
        long bytesReusable,
        long bytesReturned,
        long walBytes,
        long batches,
        Duration duration,
        Source source,
        List<TriggerCost> triggerCosts,
        OptionalLong rowsMargin) {

    public static final Estimate NONE =
            new Estimate(0, true, 0, 0, 0, 0, 0, 0, Duration.ZERO, Source.STATISTICS, List.of(), OptionalLong.empty());

    public Estimate {
        rowsMargin = Objects.requireNonNullElse(rowsMargin, OptionalLong.empty()); // plans of older servers have none
    }

    /** The same with more log and time. */
    public Estimate with(long moreWalBytes, Duration longer) {
        return new Estimate(
                rows,
                rowsExact,
                tableRows,
                bytesDeleted,
                bytesReusable,
                bytesReturned,
                walBytes + moreWalBytes,
                batches,
                duration.plus(longer),
                source,
                triggerCosts,
                rowsMargin);
    }

    /** Where an estimate comes from. */
    public enum Source {
        /** Planner statistics and fixed costs per row and index. */
        STATISTICS,
        /** A delete of up to 200 rows, measured and rolled back. */
        PROBE
    }

    /** What one trigger or constraint costs, as measured by a probe. */
    public record TriggerCost(String name, Duration perThousandRows) {}
}
