package dev.caretaker.cli.partitions;

import dev.caretaker.v1.PartitionedTable;

/** A way to show the partitions of a table, below its head. */
interface View {
    void show(PartitionedTable root);
}
