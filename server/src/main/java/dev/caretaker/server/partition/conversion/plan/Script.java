package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.plan.ConversionOrder.KeyIndex;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the statements of a conversion and of the way back. The partitioned table is prepared empty, under another name. In the
 * cut-over everything of the table steps aside by name, and is made anew for the partitioned table, which has the name by then:
 * so the server's own definitions serve as they are.
 */
final class Script {
    private static final String NOT_VALID = " NOT VALID";

    private final PlainTable table;
    private final Column key;
    private final TableName legacy;
    private final TableName prepared;
    private final String boundary;
    private final Definitions definitions;
    private final Keys keys;
    private final Sequences sequences;

    Script(PlainTable table, Column key, TableName legacy, TableName prepared, String boundary) {
        this.table = table;
        this.key = key;
        this.legacy = legacy;
        this.prepared = prepared;
        this.boundary = boundary;
        this.definitions = new Definitions(table);
        this.keys = new Keys(table, key);
        this.sequences = new Sequences(table);
    }

    /** Unique indexes to be built beside the table. */
    List<KeyIndex> keyIndexes() {
        return keys.built();
    }

    /** Every name that is given, but for the partitions'. */
    List<TableName> names() {
        List<TableName> names = new ArrayList<>(List.of(legacy, prepared));
        keys.built().stream().map(KeyIndex::name).forEach(names::add);
        names.addAll(keys.aside());
        names.addAll(sequences.passing());
        return names;
    }

    /** @param partitions those from the boundary on, by name, with the texts of their bounds */
    List<String> parent(Map<TableName, List<String>> partitions) {
        String quoted = Identifiers.quote(prepared);
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE " + quoted + " (LIKE " + Identifiers.quote(table.name())
                + " INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS) PARTITION BY RANGE ("
                + Identifiers.quote(key.name()) + ")"
                + table.storage()
                        .tablespace()
                        .map(space -> " TABLESPACE " + Identifiers.quote(space))
                        .orElse(""));
        statements.add(
                Definitions.alter(prepared) + "DROP CONSTRAINT IF EXISTS " + Identifiers.quote(ConversionOrder.CHECK));
        if (!key.notNull()) {
            statements.add(NewPartition.notNull(prepared, key));
        }
        statements.addAll(NewPartition.columns(prepared, table));
        statements.addAll(definitions.rights(prepared));
        table.comment().ifPresent(comment -> statements.add(definitions.comment(prepared)));
        NewPartition partition = new NewPartition(table, key, definitions, keys);
        partitions.forEach((name, bounds) -> statements.addAll(partition.create(name, prepared, bounds)));
        return statements;
    }

    List<String> cutOver() {
        List<String> statements = new ArrayList<>();
        table.incoming()
                .forEach(foreign -> statements.add(
                        Definitions.alter(foreign.table()) + "DROP CONSTRAINT " + Identifiers.quote(foreign.name())));
        statements.addAll(definitions.dropTriggers());
        if (!key.notNull()) {
            statements.add(NewPartition.notNull(table.name(), key));
        }
        statements.addAll(keys.stepAside());
        statements.addAll(definitions.statisticsAside());
        statements.add(definitions.alter() + "RENAME TO " + Identifiers.quote(legacy.name()));
        statements.add(Definitions.alter(prepared) + "RENAME TO "
                + Identifiers.quote(table.name().name()));
        statements.addAll(sequences.moveIdentity(legacy));
        statements.addAll(keys.again());
        table.outgoing()
                .forEach(foreign -> statements.add(definitions.alter() + "ADD CONSTRAINT "
                        + Identifiers.quote(foreign.name()) + " " + foreign.definition()));
        statements.add(definitions.alter() + "ATTACH PARTITION " + Identifiers.quote(legacy)
                + " FOR VALUES FROM (MINVALUE) TO (" + Literals.quote(boundary) + ")");
        statements.add(Definitions.alter(legacy) + "DROP CONSTRAINT " + Identifiers.quote(ConversionOrder.CHECK));
        statements.addAll(definitions.triggers());
        statements.addAll(definitions.rowSecurity());
        statements.addAll(definitions.rules());
        statements.addAll(sequences.own());
        statements.addAll(definitions.statistics());
        statements.addAll(definitions.dependents());
        statements.addAll(definitions.publications());
        NewPartition.identityOf(table.name(), table).ifPresent(statements::add);
        statements.addAll(keys.identity());
        statements.addAll(definitions.comments());
        return statements;
    }

    List<String> revert() {
        List<String> statements = new ArrayList<>();
        statements.add(definitions.alter() + "DETACH PARTITION " + Identifiers.quote(legacy));
        statements.add(definitions.alter() + "RENAME TO " + Identifiers.quote(prepared.name()));
        statements.add(Definitions.alter(legacy) + "RENAME TO "
                + Identifiers.quote(table.name().name()));
        statements.addAll(sequences.moveIdentity(prepared));
        statements.addAll(sequences.own());
        statements.addAll(definitions.dependents());
        if (brings()) {
            statements.addAll(bring());
        }
        statements.add("DROP TABLE " + Identifiers.quote(prepared));
        statements.addAll(keys.comeBack());
        statements.addAll(definitions.statisticsBack());
        if (!key.notNull()) {
            statements.add(definitions.alter() + "ALTER COLUMN " + Identifiers.quote(key.name()) + " DROP NOT NULL");
        }
        statements.addAll(definitions.triggers());
        statements.addAll(definitions.comments());
        incoming(false)
                .forEach(foreign -> statements.add(Definitions.alter(foreign.table()) + "ADD CONSTRAINT "
                        + Identifiers.quote(foreign.name()) + " " + unchecked(foreign)));
        return statements;
    }

    /** Rows at or above the boundary go back into the table; by then it has no triggers. A rule would divert them. */
    boolean brings() {
        return table.rules().isEmpty();
    }

    private List<String> bring() {
        String columns = table.columns().stream()
                .filter(column -> column.generated().isEmpty())
                .map(column -> Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
        String move = "INSERT INTO " + Identifiers.quote(table.name()) + " (" + columns
                + ") OVERRIDING SYSTEM VALUE SELECT " + columns + " FROM " + Identifiers.quote(prepared);
        if (!table.forcedRowSecurity()) {
            return List.of(move);
        }
        return List.of(
                Definitions.alter(prepared) + "NO FORCE ROW LEVEL SECURITY",
                definitions.alter() + "NO FORCE ROW LEVEL SECURITY",
                move,
                definitions.alter() + "FORCE ROW LEVEL SECURITY");
    }

    /** What the revert puts back without looking at the rows. */
    List<String> leftovers() {
        List<String> statements = new ArrayList<>();
        incoming(true)
                .forEach(foreign -> statements.add(Definitions.alter(foreign.table()) + "ADD CONSTRAINT "
                        + Identifiers.quote(foreign.name()) + " " + foreign.definition()));
        incoming(false).stream()
                .filter(Constraint::validated)
                .forEach(foreign -> statements.add(Definitions.alter(foreign.table()) + "VALIDATE CONSTRAINT "
                        + Identifiers.quote(foreign.name())));
        return statements;
    }

    /** Before Postgres 18 a partitioned table has no foreign key that is not validated. */
    private List<Constraint> incoming(boolean ofPartitioned) {
        return table.incoming().stream()
                .filter(foreign -> foreign.ofPartitioned() == ofPartitioned)
                .toList();
    }

    private static String unchecked(Constraint foreign) {
        return foreign.definition().endsWith(NOT_VALID) ? foreign.definition() : foreign.definition() + NOT_VALID;
    }
}
