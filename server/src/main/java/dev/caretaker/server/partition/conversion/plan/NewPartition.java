package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements that make an empty partition with all that the table has, and attach it. */
final class NewPartition {
    private static final Map<String, String> REPLICA_IDENTITY = Map.of("f", "FULL", "n", "NOTHING");

    private final PlainTable table;
    private final Column key;
    private final Definitions definitions;
    private final Keys keys;

    NewPartition(PlainTable table, Column key, Definitions definitions, Keys keys) {
        this.table = table;
        this.key = key;
        this.definitions = definitions;
        this.keys = keys;
    }

    /** @param bounds the texts of its bounds */
    List<String> create(TableName name, TableName parent, List<String> bounds) {
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE " + Identifiers.quote(name) + " (LIKE " + Identifiers.quote(table.name())
                        + " INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)" + clauses(),
                Definitions.alter(name) + "DROP CONSTRAINT IF EXISTS " + Identifiers.quote(ConversionOrder.CHECK)));
        if (!key.notNull()) {
            statements.add(notNull(name, key));
        }
        statements.addAll(columns(name, table));
        statements.addAll(definitions.rights(name));
        if (table.rowSecurity()) {
            statements.add(Definitions.alter(name) + "ENABLE ROW LEVEL SECURITY");
        }
        statements.addAll(keys.identifying(name));
        identityOf(name, table).ifPresent(statements::add);
        statements.add(Definitions.alter(parent) + "ATTACH PARTITION " + Identifiers.quote(name) + " FOR VALUES FROM ("
                + Literals.quote(bounds.getFirst()) + ") TO (" + Literals.quote(bounds.getLast()) + ")");
        return statements;
    }

    static String notNull(TableName of, Column key) {
        return Definitions.alter(of) + "ALTER COLUMN " + Identifiers.quote(key.name()) + " SET NOT NULL";
    }

    /** What LIKE does not copy of columns. */
    static List<String> columns(TableName of, PlainTable table) {
        List<String> statements = new ArrayList<>();
        for (Column column : table.columns()) {
            String alter = Definitions.alter(of) + "ALTER COLUMN " + Identifiers.quote(column.name());
            if (column.statisticsTarget() >= 0) {
                statements.add(alter + " SET STATISTICS " + column.statisticsTarget());
            }
            if (!column.options().isEmpty()) {
                statements.add(alter + " SET (" + Definitions.options(column.options()) + ")");
            }
        }
        return statements;
    }

    static Optional<String> identityOf(TableName of, PlainTable table) {
        return Optional.ofNullable(REPLICA_IDENTITY.get(table.identity()))
                .map(identity -> Definitions.alter(of) + "REPLICA IDENTITY " + identity);
    }

    private String clauses() {
        PlainTable.Storage storage = table.storage();
        return storage.accessMethod()
                        .map(method -> " USING " + Identifiers.quote(method))
                        .orElse("")
                + (storage.options().isEmpty() ? "" : " WITH (" + Definitions.options(storage.options()) + ")")
                + storage.tablespace()
                        .map(space -> " TABLESPACE " + Identifiers.quote(space))
                        .orElse("");
    }
}
