/**
 * Indexes rebuilt concurrently. {@link dev.caretaker.server.reindex.Reindexes} is the door: {@code Candidates} tells which
 * indexes an order speaks of, {@code Bloat} what a rebuild would give back, {@code Choice} which are worth it and in which
 * order. Each is a step: {@code ReindexStep}, which also removes what its own rebuild left; what it
 * cannot remove is an {@code IndexBuildDebt}. {@link
 * dev.caretaker.server.reindex.Leftovers} finds, and on request drops, what others left.
 */
package dev.caretaker.server.reindex;
