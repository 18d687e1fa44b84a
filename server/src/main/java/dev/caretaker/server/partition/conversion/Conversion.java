package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder;
import dev.caretaker.server.partition.conversion.plan.Obstacle;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A conversion, planned or further.
 *
 * @param etag fingerprint of the plan
 * @param set how the table is kept once it is partitioned
 * @param reason one sentence about where it stands: what it waits for, or why it was broken off; may be empty
 * @param requested whether the cut-over was asked for
 * @param runId latest run that worked on it
 * @param expires until when it may be started for the first time
 */
public record Conversion(
        UUID id,
        String etag,
        String target,
        PartitionSet set,
        ConversionOrder order,
        List<Obstacle> obstacles,
        Standing standing,
        String reason,
        boolean requested,
        Optional<UUID> runId,
        Instant created,
        Instant expires,
        Actor createdBy) {

    /** Where it stands. */
    public enum Standing {
        /** Nothing was done yet. */
        PLANNED,
        /** Nothing was done, and it may not be started any more. */
        EXPIRED,
        /** A run works on it; the table is a plain one still. */
        RUNNING,
        /** All is prepared; a run waits until the cut-over may happen. */
        WAITING,
        /** Its run ended before the table was partitioned, or before it was again what it was. What was made is still there. */
        BROKEN_OFF,
        /** The table is partitioned. */
        CONVERTED,
        /** The table is what it was. */
        REVERTED
    }
}
