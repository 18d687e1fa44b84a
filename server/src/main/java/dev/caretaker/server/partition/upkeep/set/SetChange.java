package dev.caretaker.server.partition.upkeep.set;

import java.util.Optional;

/**
 * A set as somebody wants it to be.
 *
 * @param etag when present, the stored set must still carry it
 */
public record SetChange(PartitionSet set, Optional<String> etag) {}
