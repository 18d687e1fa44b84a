package dev.caretaker.server.target;

/**
 * Operators as statements on an application's tables write them: with their schema. Without it an operator that somebody put
 * into a schema of the search_path is taken wherever its argument types fit better than those of the catalog's.
 */
public final class Operators {
    private static final String CATALOG = "pg_catalog";

    private Operators() {}

    /** The catalog's own, for example {@code OPERATOR(pg_catalog.=)}. */
    public static String catalog(String symbol) {
        return of(CATALOG, symbol);
    }

    /**
     * One of any schema. It is exactly that one only if both operands have the very types it was made for.
     *
     * @param symbol pg_operator.oprname
     */
    public static String of(String schema, String symbol) {
        String name = schema.equals(CATALOG) ? schema : Identifiers.quote(schema);
        return "OPERATOR(" + name + "." + symbol + ")";
    }
}
