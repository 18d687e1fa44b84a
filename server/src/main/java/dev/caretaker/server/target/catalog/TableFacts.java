package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A table with all that belongs to it, read in one snapshot.
 *
 * @param table the relation asked for
 * @param partitions everything below it, level by level and then by name; detach-pending ones included
 * @param inheritanceChildren tables that inherit from it in the old style, at any depth
 * @param incoming foreign keys that reference it or a partition of it (depth 1), and those that reference what loses rows by
 *     cascade (depth 2 and on), each once
 * @param outgoing foreign keys that it or a partition of it has, depth 1
 */
public record TableFacts(
        Relation table,
        List<Relation> partitions,
        List<TableName> inheritanceChildren,
        List<ForeignKey> incoming,
        List<ForeignKey> outgoing) {

    /** Relations in which rows lie: the table itself, or its partitions that are not cut further. */
    public List<Relation> leaves() {
        return table.isLeaf()
                ? List.of(table)
                : partitions.stream().filter(Relation::isLeaf).toList();
    }

    /** The relation or partition with that oid. */
    public Optional<Relation> relation(long oid) {
        return table.oid() == oid
                ? Optional.of(table)
                : partitions.stream()
                        .filter(partition -> partition.oid() == oid)
                        .findFirst();
    }
}
