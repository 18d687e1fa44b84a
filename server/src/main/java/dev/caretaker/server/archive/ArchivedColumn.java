package dev.caretaker.server.archive;

/**
 * A column as it was when its rows left.
 *
 * @param type with modifiers, names outside of pg_catalog qualified, as format_type writes it
 * @param baseType its type, of its base type for a domain, without modifiers, written likewise
 * @param typeOid oid of {@code baseType}: below 16384 it is one of PostgreSQL's own
 * @param typmod atttypmod; -1 for none
 * @param collation schema-qualified and quoted; empty if it is the type's own
 * @param generated expression it is computed from; empty if it is not
 */
public record ArchivedColumn(
        String name,
        String type,
        String baseType,
        long typeOid,
        int typmod,
        String collation,
        boolean notNull,
        String generated) {

    /** Whether it is computed from others: COPY does not take it back. */
    public boolean computed() {
        return !generated.isEmpty();
    }
}
