package dev.caretaker.server.routine;

import java.util.Optional;
import java.util.UUID;

/**
 * What a part of a routine knows of itself.
 *
 * @param planId CLEANUP, PARTITIONS: the plan it made
 * @param child the run that does the work
 */
public record PartMemory(Optional<UUID> planId, Optional<UUID> child) {
    static final PartMemory NONE = new PartMemory(Optional.empty(), Optional.empty());

    PartMemory planned(UUID plan) {
        return new PartMemory(Optional.of(plan), child);
    }

    PartMemory started(UUID run) {
        return new PartMemory(planId, Optional.of(run));
    }
}
