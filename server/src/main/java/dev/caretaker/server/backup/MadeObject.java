package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * An object of a database, and how it is made again.
 *
 * @param kind such as "table", "index", "foreign key"
 * @param name within its schema, or within its table; for functions with the types of their arguments
 * @param table table it belongs to and is selected with; empty if none
 * @param phase when it is made
 * @param statements one after the other; identifiers are qualified
 * @param role role that the statements name and that need not exist; empty if none
 */
public record MadeObject(
        String kind, TableName name, Optional<TableName> table, Phase phase, List<String> statements, String role) {

    /** In their order. */
    public enum Phase {
        /** Extensions, schemas, types, functions, sequences, tables, views. */
        BEFORE_ROWS,
        /** Keys, checks, indexes, triggers, materialized views. */
        AFTER_ROWS,
        /** Foreign keys. */
        LAST,
        /** Owners and grants. */
        RIGHTS
    }
}
