package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.Estimate.TriggerCost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was asked of the server about the eligible rows of one relation.
 *
 * @param rows eligible rows
 * @param exact whether they were counted
 * @param timedOut whether counting was tried and took too long
 * @param tableRows rows of the relation, by the server's planner
 * @param probe a small delete that was rolled back, if asked for and possible
 * @param probeSkipped why there is none although it was asked for
 */
record Measured(
        long rows,
        boolean exact,
        boolean timedOut,
        long tableRows,
        Optional<Probe> probe,
        Optional<String> probeSkipped) {

    static Measured estimated(long rows, long tableRows) {
        return new Measured(rows, false, false, tableRows, Optional.empty(), Optional.empty());
    }

    /** Share of the relation's rows that is eligible, 0 to 1. */
    double share() {
        return tableRows == 0 ? 0 : Math.min(1, (double) rows / tableRows);
    }

    /**
     * What a delete of a few rows cost.
     *
     * @param rows rows it deleted before it was rolled back; more than 0
     * @param walBytes write-ahead log it wrote
     */
    record Probe(long rows, Duration duration, long walBytes, List<TriggerCost> triggerCosts) {}
}
