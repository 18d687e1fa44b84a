package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ConversionRow.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A conversion, planned or further.
 *
 * @param etag fingerprint of the plan
 * @param set how the table is kept once it is partitioned
 * @param requested whether the cut-over was asked for
 * @param runId latest run that worked on it
 * @param expires until when it may be started
 */
public record Conversion(
        UUID id,
        String etag,
        String target,
        PartitionSet set,
        ConversionOrder order,
        List<Obstacle> obstacles,
        State state,
        boolean requested,
        Optional<UUID> runId,
        Instant created,
        Instant expires,
        Actor createdBy) {}
