package dev.caretaker.server.cleanup.step;

/**
 * What a walk did in one batch.
 *
 * @param next where the next batch goes on
 * @param end whether the pass is at its end
 * @param removed rows
 * @param fill share of the wanted size that held eligible rows, 0 to 1; negative if the walk only looked for them
 * @param fraction share of the pass that is done, 0 to 1; negative if unknown
 */
record Slice(Position next, boolean end, Removed removed, double fill, double fraction) {}
