package dev.caretaker.server.cleanup.plan;

/** How a step removes rows. */
public enum Mechanism {
    /** The whole partition is older than the cutoff: detach, concurrently where possible, then drop. */
    DROP_PARTITION("drop-partition"),
    /** Ranges of an index whose leading columns are the filter's equalities, then the time column. */
    INDEX_RANGE("index-range"),
    /** Ranges of heap blocks. */
    BLOCK_RANGE("block-range"),
    /** Lists of row addresses, gathered first and rechecked on delete. */
    ROW_LIST("row-list");

    private final String stepKind;

    Mechanism(String stepKind) {
        this.stepKind = stepKind;
    }

    /** Name of the {@link dev.caretaker.server.run.StepKind} that does it. */
    public String stepKind() {
        return stepKind;
    }
}
