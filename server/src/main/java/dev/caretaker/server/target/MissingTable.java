package dev.caretaker.server.target;

import dev.caretaker.server.error.Similar;
import dev.caretaker.server.store.TableName;
import java.util.List;

/** What is said of a table that a target does not have. */
public final class MissingTable {
    private MissingTable() {}

    /** A clause, with a question after a name like it, or after the same name in another schema. */
    public static String clause(Target target, TableName table) {
        List<TableName> known = target
                .withPrimary(connection -> Sql.resource("target/table_names")
                        .list(connection, row -> new TableName(row.getString("schema"), row.getString("name"))))
                .stream()
                .filter(other -> target.inScope(other.schema()))
                .toList();
        String similar = Similar.question(
                table.toString(), known.stream().map(TableName::toString).toList());
        String elsewhere = known.stream()
                .filter(other -> other.name().equals(table.name()))
                .findFirst()
                .map(other -> "; did you mean \"" + other + "\"?")
                .orElse("");
        return "target " + target.name() + " has no table \"" + table + "\""
                + (similar.isEmpty() ? elsewhere : similar);
    }
}
