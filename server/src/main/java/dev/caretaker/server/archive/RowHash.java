package dev.caretaker.server.archive;

import dev.caretaker.server.target.Identifiers;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A hash of rows that no order changes: the sum of a hash of each row's text. Made by the server, under {@link TextSettings}, from
 * the archived columns in their order, so that it is the same for the rows that leave, for those in an archive once they are loaded
 * again, and for those in a restored table.
 *
 * @see <a href="https://doxygen.postgresql.org/hashfunc_8c.html">hashtextextended</a>
 */
public final class RowHash {
    private RowHash() {}

    /**
     * An aggregate over rows.
     *
     * @param row name by which the statement knows them, unquoted
     * @return numeric; NULL for no rows
     */
    public static String sum(List<ArchivedColumn> columns, String row) {
        return "pg_catalog.sum(CAST(" + row(columns, row) + " AS pg_catalog.\"numeric\"))";
    }

    /**
     * That of one row of a table, a bigint.
     *
     * @param row name by which the statement knows it, unquoted
     */
    public static String row(List<ArchivedColumn> columns, String row) {
        return of(columns.stream()
                .map(column -> Identifiers.quote(row) + "." + Identifiers.quote(column.name()))
                .collect(Collectors.joining(", ")));
    }

    /**
     * That of one row, a bigint: what the sum is made of.
     *
     * @param values of the archived columns, in their order
     */
    public static String of(String values) {
        return "pg_catalog.hashtextextended(CAST(ROW(" + values + ") AS pg_catalog.text), 0)";
    }
}
