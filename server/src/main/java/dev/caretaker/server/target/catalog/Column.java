package dev.caretaker.server.target.catalog;

/**
 * A column that is not dropped.
 *
 * @param number attnum
 * @param type its type with modifiers, names outside of pg_catalog qualified, as format_type writes it
 * @param baseTypeOid oid of the type, of its base type for a domain
 * @param baseType the base type without modifiers, written like {@code type}; good for a cast
 * @param castType the base type with its schema, for a cast wherever names are found in a path that others may write to
 * @param category typcategory of the base type, for example D for date and time, N for numbers
 * @param generated whether it is computed from others
 */
public record Column(
        String name,
        int number,
        String type,
        long baseTypeOid,
        String baseType,
        String castType,
        char category,
        boolean notNull,
        boolean generated,
        ColumnStatistics statistics) {

    /**
     * What the planner of Postgres knows of the column. Unknown before the first ANALYZE, and for a role that may not read
     * the column: then {@code known} is false and the rest zero.
     *
     * @param nullFraction share of NULLs, 0 to 1
     * @param averageBytes average width of values
     * @param correlation between the order of values and of the heap, −1 to 1
     */
    public record ColumnStatistics(boolean known, double nullFraction, int averageBytes, double correlation) {
        static final ColumnStatistics UNKNOWN = new ColumnStatistics(false, 0, 0, 0);
    }
}
