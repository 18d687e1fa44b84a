package dev.caretaker.server.partition.listing;

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
 * @param partitions every partition; sub-partitioned ones with the sums over theirs
 */
record PartitionTree(List<Branch> tables, List<PartitionRow> partitions) {

    /**
     * A table and the stretch of {@link #partitions} that is below it.
     *
     * @param from inclusive
     * @param to exclusive
     */
    record Branch(PartitionedTable table, int from, int to) {}

    /** Of rows that hold the children of every row they hold. */
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
        int from = partitions.size();
        List<PartitionRow> own =
                BoundOrder.sorted(childrenOf(table, children), table.key().orElseThrow());
        for (PartitionRow child : own) {
            partitions.add(child);
            if (child.key().isPresent()) {
                add(child, children, moment);
            }
        }
        int to = partitions.size();
        PartitionedTable summary = new TableAnalysis(table, own, to - from, moment).summarize();
        tables.add(place, new Branch(summary, from, to));
    }

    private static List<PartitionRow> childrenOf(PartitionRow table, Map<Long, List<PartitionRow>> children) {
        return children.getOrDefault(table.oid(), List.of()).stream()
                .map(child -> child.key().isPresent() ? child.withSumsOf(childrenOf(child, children)) : child)
                .toList();
    }

    /** The tables that a page of the partitions is about; those without partitions belong to the page of their place. */
    List<PartitionedTable> tablesOf(int from, int to) {
        return tables.stream()
                .filter(branch -> branch.from() == branch.to()
                        ? branch.from() >= from && (branch.from() < to || to == partitions.size())
                        : branch.from() < to && branch.to() > from)
                .map(Branch::table)
                .toList();
    }
}
