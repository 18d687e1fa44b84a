package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.plan.kept.Estimate.TriggerCost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was asked of the server about the eligible rows of one relation.
 *
 * @param rows eligible rows
 * @param exact whether they were counted
 * @param timedOut whether counting was tried and took too long
 * @param tableRows rows of the relation, by the server's planner, by a sample, or counted
 * @param probe a small delete that was rolled back, if asked for and possible
 * @param probeSkipped why there is none although it was asked for
 * @param margin how far {@code rows} may be off in 95 of 100 cases; empty unless a sample was taken
 * @param nothingHeld whether it is known that references hold no row back that would be eligible without them
 */
public record Measured(
        long rows,
        boolean exact,
        boolean timedOut,
        long tableRows,
        Optional<Probe> probe,
        Optional<String> probeSkipped,
        OptionalLong margin,
        boolean nothingHeld) {

    public Measured(
            long rows,
            boolean exact,
            boolean timedOut,
            long tableRows,
            Optional<Probe> probe,
            Optional<String> probeSkipped) {
        this(rows, exact, timedOut, tableRows, probe, probeSkipped, OptionalLong.empty(), false);
    }

    public static Measured estimated(long rows, long tableRows) {
        return new Measured(rows, false, false, tableRows, Optional.empty(), Optional.empty());
    }

    /** Share of the relation's rows that is eligible, 0 to 1. */
    public double share() {
        return tableRows == 0 ? 0 : Math.min(1, (double) rows / tableRows);
    }

    /**
     * What a delete of a few rows cost.
     *
     * @param rows rows it deleted before it was rolled back; more than 0
     * @param walBytes write-ahead log it wrote
     */
    public record Probe(long rows, Duration duration, long walBytes, List<TriggerCost> triggerCosts) {}
}
