package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Sequence;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Statements that have the sequences of a table's columns go with whatever bears its name. */
final class Sequences {
    private final PlainTable table;

    Sequences(PlainTable table) {
        this.table = table;
    }

    /** Serial columns: what they take their values from belongs to the table that bears the name. */
    List<String> own() {
        List<String> statements = new ArrayList<>();
        for (Column column : table.columns()) {
            if (!column.isIdentity() && column.sequence().isPresent()) {
                statements.add("ALTER SEQUENCE "
                        + Identifiers.quote(column.sequence().get().name()) + " OWNED BY "
                        + Identifiers.quote(table.name()) + "." + Identifiers.quote(column.name()));
            }
        }
        return statements;
    }

    /** Names that identities have for a moment. */
    List<TableName> passing() {
        return table.columns().stream()
                .filter(column -> column.isIdentity() && column.sequence().isPresent())
                .map(column -> fresh(column.sequence().get()))
                .toList();
    }

    /**
     * Moves the identity of columns to the table that bears the name, going on where it stands.
     *
     * @param from the table that has it
     */
    List<String> moveIdentity(TableName from) {
        List<String> statements = new ArrayList<>();
        for (Column column : table.columns()) {
            if (column.isIdentity() && column.sequence().isPresent()) {
                statements.addAll(moveIdentity(column, column.sequence().get(), from));
            }
        }
        return statements;
    }

    private List<String> moveIdentity(Column column, Sequence sequence, TableName from) {
        String name = Identifiers.quote(column.name());
        String quoted = Identifiers.quote(fresh(sequence));
        String kind = column.identity().equals("a") ? "ALWAYS" : "BY DEFAULT";
        String options = String.format(
                Locale.ROOT,
                "SEQUENCE NAME %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s",
                quoted,
                sequence.start(),
                sequence.increment(),
                sequence.min(),
                sequence.max(),
                sequence.cache(),
                sequence.cycle() ? "CYCLE" : "NO CYCLE");
        List<String> statements = new ArrayList<>(List.of(
                Definitions.alter(table.name()) + "ALTER COLUMN " + name + " ADD GENERATED " + kind + " AS IDENTITY ("
                        + options + ")",
                "SELECT pg_catalog.setval(" + Literals.quote(quoted)
                        + "::pg_catalog.regclass, s.last_value, s.is_called) FROM "
                        + Identifiers.quote(sequence.name()) + " AS s",
                Definitions.alter(from) + "ALTER COLUMN " + name + " DROP IDENTITY",
                "ALTER SEQUENCE " + quoted + " RENAME TO "
                        + Identifiers.quote(sequence.name().name())));
        String kept = Identifiers.quote(sequence.name());
        sequence.grants()
                .forEach(grant -> statements.add("GRANT " + grant.privilege() + " ON SEQUENCE " + kept + " TO "
                        + Definitions.role(grant) + (grant.grantable() ? " WITH GRANT OPTION" : "")));
        sequence.comment()
                .ifPresent(comment -> statements.add("COMMENT ON SEQUENCE " + kept + " IS " + Literals.quote(comment)));
        return statements;
    }

    private static TableName fresh(Sequence sequence) {
        return new TableName(
                sequence.name().schema(), Names.with(sequence.name().name(), "__caretaker"));
    }
}
