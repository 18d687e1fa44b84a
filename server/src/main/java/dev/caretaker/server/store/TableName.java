package dev.caretaker.server.store;

/**
 * A table by its exact names, unquoted.
 *
 * @param schema as in pg_namespace.nspname
 * @param name as in pg_class.relname
 */
public record TableName(String schema, String name) {
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
