package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.listing.ListedPartition;
import dev.caretaker.server.partition.listing.PartitionAge;
import dev.caretaker.server.partition.listing.PartitionInterval;
import dev.caretaker.server.partition.listing.PartitionRow;
import dev.caretaker.server.partition.listing.PartitionedTable;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.v1.HashBounds;
import dev.caretaker.v1.ListBounds;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionMethod;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionState;
import dev.caretaker.v1.RangeBounds;
import dev.caretaker.v1.RelationSize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Writes partitioned tables and partitions. */
public final class PartitionWriter {
    private static final Instant FOR_EVER = Instant.parse("9999-12-31T23:59:59Z");

    private PartitionWriter() {}

    /** @param now what the runway is measured from */
    public static dev.caretaker.v1.PartitionedTable write(PartitionedTable table, Instant now) {
        var message = dev.caretaker.v1.PartitionedTable.newBuilder()
                .setTable(Names.write(table.name()))
                .setMethod(method(table.key().method()))
                .addAllKey(table.key().columns())
                .setPartitionCount(table.partitions())
                .setInterval(table.interval().map(PartitionInterval::describe).orElse(""))
                .setNamePattern(table.names().map(pattern -> pattern.describe()).orElse(""))
                .addAllGaps(table.gaps().stream().map(PartitionWriter::range).toList())
                .addAllOverlaps(
                        table.overlaps().stream().map(PartitionWriter::range).toList())
                .setDefaultRows(table.defaultRows())
                .setTotalBytes(table.totalBytes())
                .setOldest(table.oldest().map(name -> name.name()).orElse(""))
                .setNewest(table.newest().map(name -> name.name()).orElse(""));
        table.safeUntil().map(PartitionWriter::written).ifPresent(until -> {
            Duration left = Duration.between(now, until);
            message.setSafeUntil(Times.write(until)).setRunway(Times.write(left.isNegative() ? Duration.ZERO : left));
        });
        return message.build();
    }

    public static Partition write(ListedPartition partition) {
        PartitionRow row = partition.row();
        Partition.Builder message = Partition.newBuilder()
                .setName(Names.write(row.name()))
                .setParent(Names.write(partition.parent()))
                .setLevel(row.level())
                .setSize(size(row.size()))
                .setRows(partition.exactRows().orElse(row.rows()))
                .setRowsExact(partition.exactRows().isPresent())
                .setLiveTuples(row.liveRows())
                .setDeadTuples(row.deadRows())
                .setAge(partition
                        .age()
                        .map(PartitionWriter::age)
                        .orElse(dev.caretaker.v1.PartitionAge.PARTITION_AGE_UNSPECIFIED))
                .setState(
                        row.detaching()
                                ? PartitionState.PARTITION_STATE_DETACH_PENDING
                                : PartitionState.PARTITION_STATE_ATTACHED)
                .addAllDifferences(partition.differences())
                .setIsPartitioned(row.key().isPresent())
                .setNotCounted(partition.notCounted().orElse(""));
        row.lastVacuum().ifPresent(at -> message.setLastVacuum(Times.write(at)));
        row.lastAnalyze().ifPresent(at -> message.setLastAnalyze(Times.write(at)));
        switch (row.bound().orElseThrow()) {
            case PartitionBound.Range range -> message.setRange(range(range, partition));
            case PartitionBound.Values values ->
                message.setList(ListBounds.newBuilder()
                        .addAllValues(values.values().stream()
                                .map(value -> value.orElse("NULL"))
                                .toList()));
            case PartitionBound.Hash hash ->
                message.setHash(
                        HashBounds.newBuilder().setModulus(hash.modulus()).setRemainder(hash.remainder()));
            case PartitionBound.Default() -> message.setIsDefault(true);
        }
        return message.build();
    }

    private static RangeBounds range(PartitionBound.Range range, ListedPartition partition) {
        RangeBounds.Builder message =
                RangeBounds.newBuilder().addAllFrom(limits(range.from())).addAllTo(limits(range.to()));
        partition.times().ifPresent(times -> {
            if (Times.isWritable(times.from())) {
                message.setFromTime(Times.write(times.from()));
            }
            if (Times.isWritable(times.to())) {
                message.setToTime(Times.write(times.to()));
            }
        });
        return message.build();
    }

    private static List<String> limits(List<PartitionBound.Limit> limits) {
        return limits.stream().map(PartitionBound.Limit::text).toList();
    }

    /** What no Timestamp can hold is for ever. */
    private static Instant written(Instant until) {
        return Times.isWritable(until) ? until : FOR_EVER;
    }

    private static PartitionRange range(PartitionedTable.Stretch stretch) {
        return PartitionRange.newBuilder()
                .setFrom(stretch.from())
                .setTo(stretch.to())
                .build();
    }

    private static RelationSize size(PartitionRow.Size size) {
        return RelationSize.newBuilder()
                .setHeapBytes(size.heap())
                .setIndexBytes(size.indexes())
                .setToastBytes(size.toast())
                .setTotalBytes(size.total())
                .setEstimated(size.estimated())
                .build();
    }

    private static PartitionMethod method(PartitionRow.Method method) {
        return switch (method) {
            case RANGE -> PartitionMethod.PARTITION_METHOD_RANGE;
            case LIST -> PartitionMethod.PARTITION_METHOD_LIST;
            case HASH -> PartitionMethod.PARTITION_METHOD_HASH;
        };
    }

    private static dev.caretaker.v1.PartitionAge age(PartitionAge age) {
        return switch (age) {
            case PAST -> dev.caretaker.v1.PartitionAge.PARTITION_AGE_PAST;
            case CURRENT -> dev.caretaker.v1.PartitionAge.PARTITION_AGE_CURRENT;
            case FUTURE -> dev.caretaker.v1.PartitionAge.PARTITION_AGE_FUTURE;
        };
    }
}
