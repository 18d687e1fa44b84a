package dev.caretaker.server.run;

/**
 * How a step's batches are measured, in a unit that the step chooses: rows, heap blocks.
 *
 * @param initial size of the first batch
 * @param minimum smallest size worth a commit
 * @param maximum largest size, for example to bound memory
 */
public record BatchSizing(long initial, long minimum, long maximum) {
    /** Where nobody knows what a row costs, so many are tried first. */
    private static final long FEW = 5;

    /** For rows that may each cost any time: it begins with a few, and goes down to one. */
    public BatchSizing careful() {
        return new BatchSizing(Math.min(FEW, initial), 1, maximum);
    }
}
