package dev.caretaker.cli.partitions;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.PartitionMethod;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionState;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.RangeBounds;
import dev.caretaker.v1.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a server says of partitioned tables. */
final class PartitionAnswers {
    static final TableName EVENTS = name("workflow_events");

    private PartitionAnswers() {}

    /** Months of 2025, each as many GB large as its number. */
    static ListPartitionsResponse monthly(int... months) {
        PartitionedTable.Builder table = table().setInterval("1 month")
                .setNamePattern("workflow_events_y{yyyy}m{mm}")
                .setPartitionCount(months.length)
                .setTotalBytes(10L << 30)
                .setRunway(Duration.newBuilder().setSeconds(30 * 86_400))
                .setSafeUntil(at("2025-07-01T12:00:00Z"));
        ListPartitionsResponse.Builder answer = ListPartitionsResponse.newBuilder();
        for (int i = 0; i < months.length; i++) {
            if (i > 0 && months[i - 1] != months[i] - 1) {
                table.addGaps(PartitionRange.newBuilder()
                        .setFrom(text(LocalDate.of(2025, months[i - 1] + 1, 1)))
                        .setTo(text(LocalDate.of(2025, months[i], 1))));
            }
            LocalDate from = LocalDate.of(2025, months[i], 1);
            answer.addPartitions(
                    partition("workflow_events_y2025m0" + months[i], EVENTS, from, from.plusMonths(1), months[i]));
        }
        return answer.addTables(table).build();
    }

    static ListPartitionsResponse subPartitioned() {
        TableName jobs = name("jobs");
        TableName tenant = name("jobs_a");
        LocalDate may = LocalDate.of(2025, 5, 1);
        Partition.Builder list =
                Partition.newBuilder().setName(tenant).setParent(jobs).setIsPartitioned(true);
        list.getListBuilder().addValues("a").addValues("NULL");
        return ListPartitionsResponse.newBuilder()
                .addTables(PartitionedTable.newBuilder()
                        .setTable(jobs)
                        .setMethod(PartitionMethod.PARTITION_METHOD_LIST)
                        .addKey("tenant")
                        .setPartitionCount(4))
                .addTables(table().setTable(tenant)
                        .setInterval("1 month")
                        .setPartitionCount(2)
                        .setTotalBytes(11L << 30))
                .addPartitions(list)
                .addPartitions(partition("jobs_a_y2025m05", tenant, may, may.plusMonths(1), 5))
                .addPartitions(partition("jobs_a_y2025m06", tenant, may.plusMonths(1), may.plusMonths(2), 6))
                .addPartitions(Partition.newBuilder()
                        .setName(name("jobs_rest"))
                        .setParent(jobs)
                        .setIsDefault(true))
                .build();
    }

    static PartitionedTable.Builder table() {
        return PartitionedTable.newBuilder()
                .setTable(EVENTS)
                .setMethod(PartitionMethod.PARTITION_METHOD_RANGE)
                .addKey("ts");
    }

    static Partition partition(String name, TableName parent, LocalDate from, LocalDate to, int gigabytes) {
        Partition.Builder partition = Partition.newBuilder()
                .setName(name(name))
                .setParent(parent)
                .setLevel(1)
                .setRows(gigabytes * 100L)
                .setState(PartitionState.PARTITION_STATE_ATTACHED)
                .setAge(
                        !to.isAfter(LocalDate.of(2025, 6, 1))
                                ? PartitionAge.PARTITION_AGE_PAST
                                : from.isAfter(LocalDate.of(2025, 6, 1))
                                        ? PartitionAge.PARTITION_AGE_FUTURE
                                        : PartitionAge.PARTITION_AGE_CURRENT)
                .setRange(RangeBounds.newBuilder()
                        .addFrom(text(from))
                        .addTo(text(to))
                        .setFromTime(
                                at(from.atStartOfDay().toInstant(ZoneOffset.UTC).toString()))
                        .setToTime(
                                at(to.atStartOfDay().toInstant(ZoneOffset.UTC).toString())));
        partition
                .getSizeBuilder()
                .setTotalBytes((long) gigabytes << 30)
                .setIndexBytes(1L << 30)
                .setHeapBytes((gigabytes - 1L) << 30);
        return partition.build();
    }

    private static String text(LocalDate date) {
        return date + " 00:00:00+00";
    }

    static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }

    static TableName name(String name) {
        return TableName.newBuilder().setSchema("public").setName(name).build();
    }
}
