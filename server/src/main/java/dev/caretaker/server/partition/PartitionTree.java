package dev.caretaker.server.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Partitioned tables and their partitions in reading order: tables by name, below each its partitions by bound, below each
 * of these its own partitions.
 *
 * @param tables every partitioned table, sub-partitioned partitions included
 * @param partitions every partition
 */
record PartitionTree(List<PartitionedTable> tables, List<PartitionRow> partitions) {

    static PartitionTree of(List<PartitionRow> rows, Moment moment) {
        Map<Long, List<PartitionRow>> children = rows.stream()
                .filter(row -> row.parentOid().isPresent())
                .collect(Collectors.groupingBy(row -> row.parentOid().orElseThrow()));
        PartitionTree tree = new PartitionTree(new ArrayList<>(), new ArrayList<>());
        rows.stream()
                .filter(row -> row.parentOid().isEmpty())
                .sorted(Comparator.comparing(row -> row.name().toString()))
                .forEach(root -> tree.add(root, children, moment));
        return tree;
    }

    private void add(PartitionRow table, Map<Long, List<PartitionRow>> children, Moment moment) {
        int place = tables.size();
        int before = partitions.size();
        List<PartitionRow> own = children.getOrDefault(table.oid(), List.of()).stream()
                .sorted(BoundOrder.INSTANCE)
                .toList();
        for (PartitionRow child : own) {
            partitions.add(child);
            if (child.key().isPresent()) {
                add(child, children, moment);
            }
        }
        List<PartitionRow> below = List.copyOf(partitions.subList(before, partitions.size()));
        tables.add(place, new TableAnalysis(table, own, below, moment).summarize());
    }
}
