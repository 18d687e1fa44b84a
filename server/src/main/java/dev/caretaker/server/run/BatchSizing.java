package dev.caretaker.server.run;

/**
 * How a step's batches are measured, in a unit that the step chooses: rows, heap blocks.
 *
 * @param initial size of the first batch
 * @param minimum smallest size worth a commit
 * @param maximum largest size, for example to bound memory
 */
public record BatchSizing(long initial, long minimum, long maximum) {}
