package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;

/**
 * Parameters of DROP_PARTITION.
 *
 * @param oid the partition as planned; resumption drops by it and never by name
 * @param partition its name when planned
 * @param parentOid its immediate parent as planned
 * @param parent the parent's name when planned
 * @param fingerprint of the partition's schema and bounds when planned
 * @param concurrently whether DETACH may run CONCURRENTLY (no default partition, a server that can)
 * @param estimatedRows rows by statistics, reported as an estimate if counting takes too long
 * @param exact whether exact figures were asked for: then its rows are counted also where that takes longer than to drop it
 */
public record PartitionDrop(
        long oid,
        TableName partition,
        long parentOid,
        TableName parent,
        String fingerprint,
        boolean concurrently,
        long estimatedRows,
        boolean exact) {}
