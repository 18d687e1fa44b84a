package dev.caretaker.server.cleanup.plan.kept;

import dev.caretaker.server.cleanup.step.PartitionDropKind;
import dev.caretaker.server.cleanup.step.RemovalKinds;

/** How a step removes rows. */
public enum Mechanism {
    /** The whole partition is older than the cutoff: detach, concurrently where possible, then drop. */
    DROP_PARTITION(PartitionDropKind.NAME),
    /** Ranges of an index whose leading columns are the filter's equalities, then the time column. */
    INDEX_RANGE(RemovalKinds.INDEX_RANGE),
    /** Ranges of heap blocks. */
    BLOCK_RANGE(RemovalKinds.BLOCK_RANGE),
    /** Lists of row addresses, gathered first and rechecked on delete. */
    ROW_LIST(RemovalKinds.ROW_LIST);

    private final String stepKind;

    Mechanism(String stepKind) {
        this.stepKind = stepKind;
    }

    /** Name of the {@link dev.caretaker.server.run.StepKind} that does it. */
    public String stepKind() {
        return stepKind;
    }
}
