package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.store.Actor;
import java.time.Instant;

/**
 * A set as the control store keeps it.
 *
 * @param etag hash of its content: the same content always has the same etag
 * @param updated when its content last changed
 */
public record StoredSet(PartitionSet set, String etag, Instant updated, Actor updatedBy) {}
