package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import java.util.List;

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
        List<ForeignKey> outgoing) {}
