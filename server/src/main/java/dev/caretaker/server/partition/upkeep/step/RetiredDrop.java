package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;

/**
 * Order to drop a detached partition.
 *
 * @param systemId cluster in which it has its oid
 */
public record RetiredDrop(String set, long systemId, long oid, TableName partition, TableName parent) {}
