package dev.caretaker.server.partition.listing;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A partition as listed.
 *
 * @param parent its immediate parent
 * @param times its range as instants, if its parent's key is a time
 * @param exactRows rows as counted; empty if estimated
 * @param notCounted why they could not be counted although that was asked for, as a clause
 */
public record ListedPartition(
        PartitionRow row,
        TableName parent,
        Optional<TimeRange> times,
        Optional<PartitionAge> age,
        Optional<Long> exactRows,
        Optional<String> notCounted) {

    /** @param around age of the parent as a partition: that of its own where its key is no time */
    static ListedPartition of(PartitionRow row, PartitionRow parent, Optional<PartitionAge> around, Moment moment) {
        Optional<TimeRange> times = KeyRange.times(row, parent.key().orElseThrow());
        return new ListedPartition(
                row,
                parent.name(),
                times,
                times.map(range -> age(range, moment)).or(() -> around),
                Optional.empty(),
                Optional.empty());
    }

    ListedPartition counted(long rows) {
        return new ListedPartition(row, parent, times, age, Optional.of(rows), Optional.empty());
    }

    ListedPartition notCounted(String why) {
        return new ListedPartition(row, parent, times, age, Optional.empty(), Optional.of(why));
    }

    /** What it lacks of its parent's and has of its own, one sentence each. */
    public List<String> differences() {
        return Stream.of(
                        told("lacks a valid index for %s of the parent", row.missingIndexes()),
                        told("has the index %s of its own", row.ownIndexes()),
                        told("has the constraint %s of its own", row.ownConstraints()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> told(String sentence, List<String> names) {
        return names.stream().map(sentence::formatted).toList();
    }

    private static PartitionAge age(TimeRange range, Moment moment) {
        if (range.contains(moment.now())) {
            return PartitionAge.CURRENT;
        }
        return range.from().isAfter(moment.now()) ? PartitionAge.FUTURE : PartitionAge.PAST;
    }
}
