package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

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
 * @param cutoff rows strictly older than it are eligible, as the plan had it; empty in steps of older servers
 * @param infinite a condition that rows fulfil which are never removed, and which the bounds do not keep out; empty if they do
 */
public record PartitionDrop(
        long oid,
        TableName partition,
        long parentOid,
        TableName parent,
        String fingerprint,
        boolean concurrently,
        long estimatedRows,
        boolean exact,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> cutoff,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> infinite) {
    public PartitionDrop {
        cutoff = Objects.requireNonNullElse(cutoff, Optional.empty());
        infinite = Objects.requireNonNullElse(infinite, Optional.empty());
    }

    /** Whenever that was planned, of a partition whose bounds keep out what is never removed. */
    public PartitionDrop(
            long oid,
            TableName partition,
            long parentOid,
            TableName parent,
            String fingerprint,
            boolean concurrently,
            long estimatedRows,
            boolean exact) {
        this(
                oid,
                partition,
                parentOid,
                parent,
                fingerprint,
                concurrently,
                estimatedRows,
                exact,
                Optional.empty(),
                Optional.empty());
    }
}
