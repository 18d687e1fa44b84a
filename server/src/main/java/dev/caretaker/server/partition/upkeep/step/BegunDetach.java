package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;

/**
 * A concurrent detach that was begun.
 *
 * @param oid the partition
 */
public record BegunDetach(long parentOid, TableName parent, long oid, TableName partition) {}
