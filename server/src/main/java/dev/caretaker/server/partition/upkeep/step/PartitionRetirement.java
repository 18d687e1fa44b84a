package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.Optional;

/**
 * Order to detach a partition and hold it; one whose detach was begun already is brought to its end.
 *
 * @param from text of its lower bound
 * @param to text of its upper bound
 * @param hold how long it is held before it may be dropped; empty: it stays
 */
public record PartitionRetirement(
        String set,
        long parentOid,
        TableName parent,
        long oid,
        TableName partition,
        String from,
        String to,
        Optional<Duration> hold) {}
