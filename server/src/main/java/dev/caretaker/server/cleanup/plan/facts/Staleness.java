package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.Relation;

/** Whether planner statistics say what a table is like now. */
public final class Staleness {
    /** As autovacuum_analyze_scale_factor, doubled: what autovacuum would have analyzed long ago. */
    private static final double SHARE = 0.2;

    private static final long ROWS = 1_000;

    private Staleness() {}

    /** Whether they are missing, or a notable share of the table was changed since they were gathered. */
    public static boolean isStale(Relation.Statistics statistics, Storage storage) {
        return storage.rowBytes().isEmpty()
                || statistics.modifiedSinceAnalyze() > Math.max(ROWS, storage.tuples() * SHARE);
    }

    /**
     * Whether an estimate that comes from them may be far off: so many rows were changed since they were gathered that what was
     * expected may be gone, or as much more be there. What was changed is forgotten when a server crashes or a standby takes
     * over; then nobody knows when they were gathered.
     *
     * @param expected rows that the estimate says
     */
    static boolean isDoubtful(Relation.Statistics statistics, Storage storage, long expected) {
        return !statistics.dated()
                || isStale(statistics, storage)
                || statistics.modifiedSinceAnalyze() > Math.max(ROWS, expected * SHARE);
    }
}
