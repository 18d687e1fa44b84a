package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.PartitionRow.Key;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the partitions of one table say as a whole.
 *
 * @param partitions number of partitions at all levels below it
 * @param interval recognised rhythm of its ranges
 * @param names recognised pattern of its partitions' names
 * @param safeUntil until when rows of the present find a partition other than the default: the present if they find none,
 *     {@link Instant#MAX} if for ever, empty if unknown. For an integer key an extrapolation of the insert rate since the
 *     statistics were reset.
 * @param gaps stretches between its first and last range that nothing covers; not what lies before a partition for
 *     {@code infinity} alone
 * @param overlaps stretches covered more than once
 * @param defaultRows rows in its default partition (estimate)
 * @param totalBytes all that is below it
 * @param oldest partition with the lowest range
 * @param newest partition with the highest range
 */
public record PartitionedTable(
        TableName name,
        Key key,
        long partitions,
        Optional<PartitionInterval> interval,
        Optional<NamePattern> names,
        Optional<Instant> safeUntil,
        List<Stretch> gaps,
        List<Stretch> overlaps,
        long defaultRows,
        long totalBytes,
        Optional<TableName> oldest,
        Optional<TableName> newest) {

    /** A stretch of keys, each end as the bounds write it. */
    public record Stretch(String from, String to) {}
}
