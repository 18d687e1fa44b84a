package dev.caretaker.cli.partitions;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table.Cell;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.PartitionState;
import dev.caretaker.v1.RelationSize;

/** Figures of one partition, as cells of a table. */
final class PartitionRows {
    private PartitionRows() {}

    static String rows(Partition partition) {
        return Human.count(partition.getRows(), partition.getRowsExact());
    }

    /** With a tilde if somebody held the relation, so that its size is the last one in the catalog. */
    static String size(RelationSize size, long bytes) {
        return (size.getEstimated() ? "~" : "") + Human.bytes(bytes);
    }

    static Cell age(Partition partition) {
        return switch (partition.getAge()) {
            case PARTITION_AGE_CURRENT -> new Cell("current", Style.GOOD);
            case PARTITION_AGE_UNSPECIFIED, UNRECOGNIZED -> new Cell("", Style.PLAIN);
            case PARTITION_AGE_PAST, PARTITION_AGE_FUTURE ->
                new Cell(Names.words(partition.getAge(), "PARTITION_AGE_"), Style.PLAIN);
        };
    }

    /** Being attached is the rule and not worth a word. */
    static Cell state(Partition partition) {
        return isDetaching(partition) ? new Cell("detach pending", Style.CAREFUL) : new Cell("", Style.PLAIN);
    }

    static boolean isDetaching(Partition partition) {
        return partition.getState() == PartitionState.PARTITION_STATE_DETACH_PENDING;
    }

    static boolean isCurrent(Partition partition) {
        return partition.getAge() == PartitionAge.PARTITION_AGE_CURRENT;
    }
}
