/**
 * Partition sets: how a partitioned table is to be kept. {@link dev.caretaker.server.partition.upkeep.set.PartitionSets} is the
 * door; {@code SetFit} says whether a set fits its table, {@code Suggestion} reads a set from a table.
 */
package dev.caretaker.server.partition.upkeep.set;
