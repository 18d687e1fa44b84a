package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Index;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import java.util.ArrayList;
import java.util.List;

/**
 * Statements about the table's indexes and the constraints that they serve. Those of the table step aside by name and come
 * back; the partitioned table gets the same under the old names, with the partition key where a unique one lacks it. A unique
 * constraint of the table stays beside its wider one. A primary key cannot: a table has only one, a partition's must be the
 * partitioned table's, and an index goes with the constraint that it serves. So a second index on its columns keeps them unique
 * among the old rows, and becomes the primary key again on the way back.
 */
final class Keys {
    private final PlainTable table;
    private final Column key;

    Keys(PlainTable table, Column key) {
        this.table = table;
        this.key = key;
    }

    /** Unique indexes to be built beside the table. */
    List<KeyIndex> built() {
        List<KeyIndex> indexes = new ArrayList<>();
        for (Index index : table.indexes()) {
            if (!narrowed(index)) {
                continue;
            }
            TableName wide = wide(index);
            indexes.add(new KeyIndex(
                    wide,
                    IndexText.concurrently(IndexText.withKey(index.definition(), key.name()), wide, table.name()),
                    true));
            if (gives(index)) {
                TableName keep = keep(index);
                indexes.add(new KeyIndex(keep, IndexText.concurrently(index.definition(), keep, table.name()), false));
            }
        }
        return indexes;
    }

    /** Names of indexes that the cut-over gives away. */
    List<TableName> aside() {
        return table.indexes().stream().map(this::aside).toList();
    }

    /** The table's own indexes get out of the way of the partitioned table's. */
    List<String> stepAside() {
        return table.indexes().stream()
                .flatMap(index -> stepAside(index).stream())
                .toList();
    }

    private List<String> stepAside(Index index) {
        String aside = Identifiers.quote(aside(index).name());
        if (index.constraint().isEmpty()) {
            return List.of("ALTER INDEX " + Identifiers.quote(named(index)) + " RENAME TO " + aside);
        }
        String name = Identifiers.quote(index.constraint().get());
        if (gives(index)) {
            return List.of(
                    alter(table.name()) + "DROP CONSTRAINT " + name,
                    alter(table.name()) + "ADD CONSTRAINT " + aside + using(index, wide(index)));
        }
        String rename = alter(table.name()) + "RENAME CONSTRAINT " + name + " TO " + aside;
        return narrowed(index)
                ? List.of(
                        rename,
                        alter(table.name()) + "ADD CONSTRAINT "
                                + Identifiers.quote(wide(index).name()) + using(index, wide(index)))
                : List.of(rename);
    }

    /** The same of the partitioned table, under the old names. */
    List<String> again() {
        List<String> statements = new ArrayList<>();
        for (Index index : table.indexes()) {
            if (index.constraint().isPresent()) {
                String definition = narrowed(index)
                        ? IndexText.withKey(index.constraintDefinition(), key.name())
                        : index.constraintDefinition();
                statements.add(alter(table.name()) + "ADD CONSTRAINT "
                        + Identifiers.quote(index.constraint().get()) + " " + definition);
            } else {
                statements.add(
                        narrowed(index) ? IndexText.withKey(index.definition(), key.name()) : index.definition());
            }
            index.comment().ifPresent(comment -> statements.add(Definitions.comment(named(index), comment)));
        }
        return statements;
    }

    /** Those that the table had before the cut-over. */
    List<String> comeBack() {
        return table.indexes().stream()
                .flatMap(index -> comeBack(index).stream())
                .toList();
    }

    private List<String> comeBack(Index index) {
        String aside = Identifiers.quote(aside(index));
        List<String> statements = new ArrayList<>();
        if (index.constraint().isEmpty()) {
            statements.add("ALTER INDEX " + aside + " RENAME TO " + Identifiers.quote(index.name()));
            if (narrowed(index)) {
                statements.add("DROP INDEX " + Identifiers.quote(wide(index)));
            }
            return statements;
        }
        String name = Identifiers.quote(index.constraint().get());
        if (gives(index)) {
            statements.add(alter(table.name()) + "DROP CONSTRAINT "
                    + Identifiers.quote(aside(index).name()));
            statements.add(alter(table.name()) + "ADD CONSTRAINT " + name + using(index, keep(index)));
            index.comment().ifPresent(comment -> statements.add(Definitions.comment(named(index), comment)));
            return statements;
        }
        if (narrowed(index)) {
            statements.add(alter(table.name()) + "DROP CONSTRAINT "
                    + Identifiers.quote(wide(index).name()));
        }
        statements.add(alter(table.name()) + "RENAME CONSTRAINT "
                + Identifiers.quote(aside(index).name()) + " TO " + name);
        return statements;
    }

    /** The index that identifies rows for replication, on an empty partition that will be attached. */
    List<String> identifying(TableName partition) {
        List<String> statements = new ArrayList<>();
        for (Index index : table.indexes()) {
            if (index.identity()) {
                TableName name = beside(Names.with(partition.name(), "_identity"));
                statements.add(
                        index.constraint().isPresent()
                                ? alter(partition) + "ADD CONSTRAINT " + Identifiers.quote(name.name()) + " "
                                        + index.constraintDefinition()
                                : IndexText.unique(index.definition(), name, partition));
                statements.add(alter(partition) + "REPLICA IDENTITY USING INDEX " + Identifiers.quote(name.name()));
            }
        }
        return statements;
    }

    /** The partitioned table's own replica identity, if it is an index. */
    List<String> identity() {
        return table.indexes().stream()
                .filter(Index::identity)
                .map(index -> alter(table.name()) + "REPLICA IDENTITY USING INDEX " + Identifiers.quote(index.name()))
                .toList();
    }

    private static String using(Index index, TableName by) {
        String definition = index.constraintDefinition();
        String deferral = definition.contains("INITIALLY DEFERRED")
                ? " DEFERRABLE INITIALLY DEFERRED"
                : definition.contains(" DEFERRABLE") ? " DEFERRABLE" : "";
        return (index.constraintType().equals("p") ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX "
                + Identifiers.quote(by.name()) + deferral;
    }

    private boolean narrowed(Index index) {
        return index.unique() && !index.hasInKey(key.number());
    }

    /** Whether it must give its place on the table to the wider one. */
    private boolean gives(Index index) {
        return narrowed(index) && index.constraintType().equals("p");
    }

    private TableName named(Index index) {
        return beside(index.name());
    }

    private TableName aside(Index index) {
        return beside(Names.with(index.constraint().orElse(index.name()), "_legacy"));
    }

    private TableName wide(Index index) {
        return beside(Names.with(index.name(), "_wide"));
    }

    private TableName keep(Index index) {
        return beside(Names.with(index.name(), "_keep"));
    }

    private TableName beside(String name) {
        return new TableName(table.name().schema(), name);
    }

    private static String alter(TableName other) {
        return Definitions.alter(other);
    }
}
