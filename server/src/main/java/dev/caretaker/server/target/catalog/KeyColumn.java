package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Operators;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One column of a foreign key, and how Postgres compares it: by the operator that the constraint was made with, whatever
 * search_path says now, and in the collation that its own check uses.
 *
 * @param parent referenced column
 * @param child referencing column
 * @param operator parent and child, for example {@code OPERATOR(pg_catalog.=)}; of a key over time the last one is an overlap
 * @param parentType what the referenced value is cast to, so that the operator is exactly that one; empty if it has that type
 * @param childType the same of the referencing value
 * @param collation schema-qualified, where the two columns have different ones; empty if there is nothing to choose
 * @see <a href="https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/ri_triggers.c">ri_triggers.c,
 *     ri_GenerateQual</a>
 */
public record KeyColumn(
        String parent,
        String child,
        String operator,
        Optional<String> parentType,
        Optional<String> childType,
        Optional<String> collation) {

    /** Compared by the catalog's own equality, with types and collation as they are. */
    public static KeyColumn plain(String parent, String child) {
        return new KeyColumn(
                parent, child, Operators.catalog("="), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Condition that a row of the child refers to a row of the parent.
     *
     * @param referenced a referenced column → its value in the parent's row, as SQL
     * @param alias of the child
     */
    public static String match(List<KeyColumn> columns, UnaryOperator<String> referenced, String alias) {
        return columns.stream()
                .map(column ->
                        column.matches(referenced.apply(column.parent), alias + "." + Identifiers.quote(column.child)))
                .collect(Collectors.joining(" AND "));
    }

    private String matches(String referenced, String referencing) {
        return cast(referenced, parentType)
                + collation.map(name -> " COLLATE " + name).orElse("") + " " + operator + " "
                + cast(referencing, childType);
    }

    private static String cast(String value, Optional<String> type) {
        return type.map(name -> "CAST(" + value + " AS " + name + ")").orElse(value);
    }
}
