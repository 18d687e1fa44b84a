package dev.caretaker.server.console.page;

import dev.caretaker.v1.Partition;
import java.util.List;

/**
 * Partitions of a table.
 *
 * @param more whether there are more than these
 * @param problem why they cannot be listed, a sentence; empty if they can
 */
public record PartitionsSeen(List<Partition> partitions, boolean more, String problem) {}
