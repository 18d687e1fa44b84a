package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.RetiredRow;
import java.util.List;
import java.util.Optional;

/**
 * What the next upkeep of a set would do, and what is held of it. Default partitions are not looked into.
 *
 * @param problem why nothing can be done for the set, in a sentence; empty if something can
 * @param uncovered that no partition covers now, in a sentence; empty if one does
 * @param create partitions that are missing
 * @param detach partitions past their time
 * @param drop held partitions that are due
 * @param held open retired partitions
 */
public record Outlook(
        PartitionSet set,
        Optional<String> problem,
        Optional<String> uncovered,
        List<PlannedAction> create,
        List<PlannedAction> detach,
        List<PlannedAction> drop,
        List<RetiredRow> held) {}
