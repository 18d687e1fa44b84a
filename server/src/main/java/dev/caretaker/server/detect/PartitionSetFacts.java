package dev.caretaker.server.detect;

/** What the stored partition sets tell the checks; provided by whoever keeps partition sets. */
public interface PartitionSetFacts {

    /**
     * Facts of every partition set of a target, a JSON array of objects: set, schema, table, problem (why nothing can be done
     * for it; null if something can), uncovered (that no partition covers now, null if one does), missing (partitions that the
     * next upkeep would create), runway_seconds (for how long from now on there is no gap; null where keys are no times), ahead (how
     * many are to be ahead), paused (whether creation is), and retired, an array of
     * objects with schema, partition, state, since, until (null: it is to stay) and bytes.
     */
    String of(String target);
}
