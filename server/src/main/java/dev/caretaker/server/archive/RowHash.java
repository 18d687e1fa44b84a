package dev.caretaker.server.archive;

import dev.caretaker.server.target.Identifiers;
import java.util.List;

/**
 * A hash of rows that no order changes: the sum of a hash of each row. Made by the server, under {@link TextSettings}, from the
 * archived columns in their order, so that it is the same for the rows that leave, for those in an archive once they are loaded
 * again, and for those in a restored table.
 *
 * <p>The hash of a row goes from column to column: the text of each, with whether it is NULL in front, is hashed with the hash so
 * far as seed. So a value belongs to its column and its row. concat makes the text as the output function of the type does, for
 * which no cast that a user has made is asked; the text of the whole row would cost twice as much, because its values are quoted.
 *
 * @see <a href="https://doxygen.postgresql.org/hashfunc_8c.html">hashtextextended</a>
 */
public final class RowHash {
    /** The rule, for manifests. */
    public static final String RULE =
            "sum of h::numeric, under the settings; h of a row is 0, and for each column in their order"
                    + " h = hashtextextended(concat(column IS NULL, column) COLLATE \"C\", h)";

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
                .toList());
    }

    /**
     * That of one row, a bigint: what the sum is made of.
     *
     * @param values of the archived columns, in their order
     */
    public static String of(List<String> values) {
        String hash = "CAST(0 AS pg_catalog.int8)";
        for (String value : values) {
            hash = "pg_catalog.hashtextextended(pg_catalog.concat(" + value + " IS NULL, " + value
                    + ") COLLATE pg_catalog.\"C\", " + hash + ")";
        }
        return hash;
    }
}
