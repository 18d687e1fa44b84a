package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.stream.Stream;

/**
 * Order to make partitions of one table and attach them.
 *
 * @param parentOid table they are made for
 * @param partitions in the order in which they are made; at least one
 */
public record PartitionCreation(String set, long parentOid, TableName parent, List<NewPartition> partitions) {

    /** Whether one step may do this and the other: both make partitions with bounds for the same table. */
    public boolean goesOnWith(PartitionCreation other) {
        return set.equals(other.set) && parentOid == other.parentOid && isBounded() && other.isBounded();
    }

    /** This, then the other. */
    public PartitionCreation with(PartitionCreation other) {
        return new PartitionCreation(
                set,
                parentOid,
                parent,
                Stream.concat(partitions.stream(), other.partitions.stream()).toList());
    }

    /** What the step works on: the partition, or the table if there are several. */
    public TableName relation() {
        return partitions.size() == 1 ? partitions.getFirst().name() : parent;
    }

    private boolean isBounded() {
        return partitions.stream().allMatch(partition -> partition.from().isPresent());
    }
}
