package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.RetiredRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the next upkeep of a set would do, and what is held of it. Default partitions are not looked into.
 *
 * @param problem why nothing can be done for the set, in a sentence; empty if something can
 * @param uncovered that no partition covers now, in a sentence; empty if one does
 * @param runway for how long from now on there are partitions without a gap, at most a hundred years; empty where keys are no
 *     times
 * @param create partitions that are missing
 * @param detach partitions past their time
 * @param drop held partitions that are due
 * @param held open retired partitions
 */
public record Outlook(
        PartitionSet set,
        Optional<String> problem,
        Optional<String> uncovered,
        Optional<Duration> runway,
        List<PlannedAction> create,
        List<PlannedAction> detach,
        List<PlannedAction> drop,
        List<RetiredRow> held) {}
