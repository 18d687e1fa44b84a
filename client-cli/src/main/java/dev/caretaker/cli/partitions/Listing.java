package dev.caretaker.cli.partitions;

import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionedTable;
import dev.caretaker.v1.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All pages of an answer, as trees. */
final class Listing {
    private final Map<TableName, PartitionedTable> tables;
    private final Map<TableName, List<Partition>> children;
    private final Set<TableName> partitions;

    Listing(List<PartitionedTable> tables, List<Partition> partitions) {
        this.tables = tables.stream()
                .collect(Collectors.toMap(
                        PartitionedTable::getTable, table -> table, (first, again) -> first, LinkedHashMap::new));
        this.children = partitions.stream().collect(Collectors.groupingBy(Partition::getParent, Collectors.toList()));
        this.partitions = partitions.stream().map(Partition::getName).collect(Collectors.toSet());
    }

    /** Tables that are listed, but not as a partition of another one. */
    List<PartitionedTable> roots() {
        return tables.values().stream()
                .filter(table -> !partitions.contains(table.getTable()))
                .toList();
    }

    /** Immediate partitions by bound. */
    List<Partition> partitionsOf(TableName table) {
        return children.getOrDefault(table, List.of());
    }

    /** Whether a table is that one, or a partition of it at any level. */
    boolean isBelow(TableName table, TableName root) {
        return table.equals(root)
                || partitionsOf(root).stream().anyMatch(partition -> isBelow(table, partition.getName()));
    }

    /** The summary of a partition that is itself partitioned. */
    PartitionedTable table(Partition partition) {
        return tables.getOrDefault(partition.getName(), PartitionedTable.getDefaultInstance());
    }
}
