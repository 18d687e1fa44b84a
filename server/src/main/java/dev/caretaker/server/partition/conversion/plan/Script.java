package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.conversion.table.PlainTable.Index;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the statements of a conversion and of the way back. The partitioned table is prepared empty, under another name. In the
 * cut-over everything of the table steps aside by name, and is made anew for the partitioned table, which has the name by then:
 * so the server's own definitions serve as they are.
 */
final class Script {
    /** Constraint that proves the bound of the partition that the table becomes. */
    static final String CHECK = "caretaker_conversion";

    private static final String NOT_VALID = " NOT VALID";
    private static final Map<String, String> REPLICA_IDENTITY = Map.of("f", "FULL", "n", "NOTHING");

    private final PlainTable table;
    private final Column key;
    private final TableName legacy;
    private final TableName prepared;
    private final String boundary;
    private final Definitions definitions;

    Script(PlainTable table, Column key, TableName legacy, TableName prepared, String boundary) {
        this.table = table;
        this.key = key;
        this.legacy = legacy;
        this.prepared = prepared;
        this.boundary = boundary;
        this.definitions = new Definitions(table);
    }

    /** Unique indexes to be built beside the table. */
    List<KeyIndex> keyIndexes() {
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
            if (index.constraint().isPresent()) {
                TableName keep = keep(index);
                indexes.add(new KeyIndex(keep, IndexText.concurrently(index.definition(), keep, table.name()), false));
            }
        }
        return indexes;
    }

    /** @param partitions those from the boundary on, by name, with the texts of their bounds */
    List<String> parent(Map<TableName, List<String>> partitions) {
        String quoted = Identifiers.quote(prepared);
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE " + quoted + " (LIKE " + Identifiers.quote(table.name())
                + " INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY) PARTITION BY RANGE ("
                + Identifiers.quote(key.name()) + ")"
                + table.tablespace()
                        .map(space -> " TABLESPACE " + Identifiers.quote(space))
                        .orElse(""));
        statements.add(Definitions.alter(prepared) + "DROP CONSTRAINT IF EXISTS " + Identifiers.quote(CHECK));
        if (!key.notNull()) {
            statements.add(notNull(prepared));
        }
        statements.addAll(definitions.rights(prepared));
        table.comment().ifPresent(comment -> statements.add(definitions.comment(prepared)));
        partitions.forEach((name, bounds) -> {
            statements.add("CREATE TABLE " + Identifiers.quote(name) + " PARTITION OF " + quoted + " FOR VALUES FROM ("
                    + Literals.quote(bounds.getFirst()) + ") TO (" + Literals.quote(bounds.getLast()) + ")");
            statements.addAll(definitions.rights(name));
            identityOf(name).ifPresent(statements::add);
        });
        return statements;
    }

    List<String> cutOver() {
        List<String> statements = new ArrayList<>();
        table.incoming()
                .forEach(foreign -> statements.add(
                        Definitions.alter(foreign.table()) + "DROP CONSTRAINT " + Identifiers.quote(foreign.name())));
        statements.addAll(definitions.dropTriggers());
        if (!key.notNull()) {
            statements.add(notNull(table.name()));
        }
        table.indexes().forEach(index -> statements.addAll(stepAside(index)));
        statements.add(definitions.alter() + "RENAME TO " + Identifiers.quote(legacy.name()));
        statements.add(Definitions.alter(prepared) + "RENAME TO "
                + Identifiers.quote(table.name().name()));
        statements.addAll(definitions.moveIdentity(legacy));
        table.indexes().forEach(index -> statements.addAll(again(index)));
        table.outgoing()
                .forEach(foreign -> statements.add(definitions.alter() + "ADD CONSTRAINT "
                        + Identifiers.quote(foreign.name()) + " " + foreign.definition()));
        statements.add(definitions.alter() + "ATTACH PARTITION " + Identifiers.quote(legacy)
                + " FOR VALUES FROM (MINVALUE) TO (" + Literals.quote(boundary) + ")");
        statements.add(Definitions.alter(legacy) + "DROP CONSTRAINT " + Identifiers.quote(CHECK));
        statements.addAll(definitions.triggers());
        statements.addAll(definitions.rowSecurity());
        statements.addAll(definitions.rules());
        statements.addAll(definitions.ownSequences());
        statements.addAll(definitions.dependents());
        statements.addAll(definitions.publications());
        identityOf(table.name()).ifPresent(statements::add);
        table.indexes().stream()
                .filter(Index::identity)
                .forEach(index -> statements.add(
                        definitions.alter() + "REPLICA IDENTITY USING INDEX " + Identifiers.quote(index.name())));
        return statements;
    }

    List<String> revert() {
        List<String> statements = new ArrayList<>();
        statements.add(definitions.alter() + "DETACH PARTITION " + Identifiers.quote(legacy));
        statements.add(definitions.alter() + "RENAME TO " + Identifiers.quote(prepared.name()));
        statements.add(Definitions.alter(legacy) + "RENAME TO "
                + Identifiers.quote(table.name().name()));
        statements.addAll(definitions.moveIdentity(prepared));
        statements.addAll(definitions.ownSequences());
        statements.addAll(definitions.dependents());
        statements.add("DROP TABLE " + Identifiers.quote(prepared));
        table.indexes().forEach(index -> statements.addAll(comeBack(index)));
        if (!key.notNull()) {
            statements.add(definitions.alter() + "ALTER COLUMN " + Identifiers.quote(key.name()) + " DROP NOT NULL");
        }
        statements.addAll(definitions.triggers());
        table.incoming()
                .forEach(foreign -> statements.add(Definitions.alter(foreign.table()) + "ADD CONSTRAINT "
                        + Identifiers.quote(foreign.name()) + " " + unchecked(foreign)));
        return statements;
    }

    /** What the revert puts back without looking at the rows. */
    List<String> leftovers() {
        return table.incoming().stream()
                .filter(Constraint::validated)
                .map(foreign ->
                        Definitions.alter(foreign.table()) + "VALIDATE CONSTRAINT " + Identifiers.quote(foreign.name()))
                .toList();
    }

    private static String unchecked(Constraint foreign) {
        return foreign.definition().endsWith(NOT_VALID) ? foreign.definition() : foreign.definition() + NOT_VALID;
    }

    private String notNull(TableName of) {
        return Definitions.alter(of) + "ALTER COLUMN " + Identifiers.quote(key.name()) + " SET NOT NULL";
    }

    private Optional<String> identityOf(TableName of) {
        return Optional.ofNullable(REPLICA_IDENTITY.get(table.identity()))
                .map(identity -> Definitions.alter(of) + "REPLICA IDENTITY " + identity);
    }

    /** The table's own index gets out of the way of the partitioned table's. */
    private List<String> stepAside(Index index) {
        String aside = Identifiers.quote(aside(index).name());
        if (index.constraint().isEmpty()) {
            return List.of("ALTER INDEX " + Identifiers.quote(named(index)) + " RENAME TO " + aside);
        }
        String name = Identifiers.quote(index.constraint().get());
        return narrowed(index)
                ? List.of(
                        definitions.alter() + "DROP CONSTRAINT " + name,
                        definitions.alter() + "ADD CONSTRAINT " + aside + using(index, wide(index)))
                : List.of(definitions.alter() + "RENAME CONSTRAINT " + name + " TO " + aside);
    }

    /** The same of the partitioned table, under the old name. */
    private List<String> again(Index index) {
        List<String> statements = new ArrayList<>();
        if (index.constraint().isPresent()) {
            String definition = narrowed(index)
                    ? IndexText.withKey(index.constraintDefinition(), key.name())
                    : index.constraintDefinition();
            statements.add(definitions.alter() + "ADD CONSTRAINT "
                    + Identifiers.quote(index.constraint().get()) + " " + definition);
        } else {
            statements.add(narrowed(index) ? IndexText.withKey(index.definition(), key.name()) : index.definition());
        }
        index.comment().ifPresent(comment -> statements.add(Definitions.comment(named(index), index)));
        return statements;
    }

    private List<String> comeBack(Index index) {
        String aside = Identifiers.quote(aside(index));
        if (index.constraint().isEmpty()) {
            List<String> statements =
                    new ArrayList<>(List.of("ALTER INDEX " + aside + " RENAME TO " + Identifiers.quote(index.name())));
            if (narrowed(index)) {
                statements.add("DROP INDEX " + Identifiers.quote(wide(index)));
            }
            return statements;
        }
        String name = Identifiers.quote(index.constraint().get());
        List<String> statements = new ArrayList<>();
        if (narrowed(index)) {
            statements.add(definitions.alter() + "DROP CONSTRAINT "
                    + Identifiers.quote(aside(index).name()));
            statements.add(definitions.alter() + "ADD CONSTRAINT " + name + using(index, keep(index)));
            index.comment().ifPresent(comment -> statements.add(Definitions.comment(named(index), index)));
        } else {
            statements.add(definitions.alter() + "RENAME CONSTRAINT "
                    + Identifiers.quote(aside(index).name()) + " TO " + name);
        }
        return statements;
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
}
