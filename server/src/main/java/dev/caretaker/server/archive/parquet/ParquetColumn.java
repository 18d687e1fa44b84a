package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.target.Identifiers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column of a Parquet file.
 *
 * @param name as the file has it: DuckDB does not tell A from a, so the second of two such names gets a number
 * @param type of DuckDB; {@value #TEXT} holds what PostgreSQL writes for a value
 */
record ParquetColumn(String name, String type) {
    static final String TEXT = "VARCHAR";
    static final String BYTES = "BLOB";

    private static final String TRUTH = "BOOLEAN";
    private static final String MOMENT = "TIMESTAMP WITH TIME ZONE";
    private static final int DECIMAL_DIGITS = 38;

    /**
     * Columns as they should be: of a type of their own where its values can have the text that PostgreSQL writes. Floats, for
     * example, never do: DuckDB writes 1.0 for 1.
     */
    static List<ParquetColumn> of(List<ArchivedColumn> columns) {
        Set<String> names = new HashSet<>();
        List<ParquetColumn> own = new ArrayList<>();
        for (ArchivedColumn column : columns) {
            String name = column.name();
            for (int i = 2; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
                name = column.name() + "_" + i;
            }
            own.add(new ParquetColumn(name, type(column)));
        }
        return own;
    }

    /** By oids of pg_type, of the base type for a domain. */
    private static String type(ArchivedColumn column) {
        return switch ((int) column.typeOid()) {
            case 16 -> TRUTH;
            case 17 -> BYTES;
            case 20 -> "BIGINT";
            case 21 -> "SMALLINT";
            case 23 -> "INTEGER";
            case 26 -> "UINTEGER";
            case 1082 -> "DATE";
            case 1114 -> "TIMESTAMP";
            case 1184 -> MOMENT;
            case 1700 -> decimal(column.typmod());
            case 2950 -> "UUID";
            default -> TEXT;
        };
    }

    /** A numeric without precision keeps as many digits as each value has. */
    private static String decimal(int typmod) {
        int precision = (typmod - 4) >> 16 & 0xffff;
        int scale = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
        boolean fits = typmod >= 4 && precision <= DECIMAL_DIGITS && scale >= 0 && scale <= precision;
        return fits ? "DECIMAL(" + precision + "," + scale + ")" : TEXT;
    }

    boolean isText() {
        return type.equals(TEXT);
    }

    ParquetColumn asText() {
        return new ParquetColumn(name, TEXT);
    }

    /** As SQL names it. */
    String quoted() {
        return Identifiers.quote(name);
    }

    /** Its value made of PostgreSQL's text: NULL where that is none of its type, or is infinite, which Parquet does not know. */
    String value(String text) {
        return switch (type) {
            case TEXT -> text;
            case BYTES ->
                "CASE WHEN regexp_full_match(" + text + ", '\\\\x([0-9a-f]{2})*') THEN unhex(substr(" + text
                        + ", 3)) END";
            default -> "CASE WHEN " + text + " NOT LIKE '%infinity' THEN TRY_CAST(" + text + " AS " + type + ") END";
        };
    }

    /** PostgreSQL's text made of its value. */
    String text(String value) {
        return switch (type) {
            case TEXT -> value;
            case TRUTH -> "CASE " + value + " WHEN true THEN 't' WHEN false THEN 'f' END";
            case BYTES -> "'\\x' || lower(hex(" + value + "))";
            case MOMENT -> "CAST(make_timestamp(epoch_us(" + value + ")) AS VARCHAR) || '+00'";
            default -> "CAST(" + value + " AS VARCHAR)";
        };
    }
}
