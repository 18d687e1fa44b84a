package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;

/**
 * Order to attach a held partition again.
 *
 * @param systemId cluster in which it has its oid
 * @param from text of its lower bound
 * @param to text of its upper bound
 */
public record RetiredReattachment(
        String set, long systemId, long oid, TableName partition, TableName parent, String from, String to) {}
