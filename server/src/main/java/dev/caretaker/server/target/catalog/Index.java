package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * An index of a relation.
 *
 * @param method access method, for example btree
 * @param valid false while it is built, or forever after a failed concurrent build
 * @param live false while it is dropped
 * @param partial whether it covers only rows for which a condition holds
 * @param key key columns in order
 */
public record Index(
        TableName name,
        String method,
        boolean valid,
        boolean ready,
        boolean live,
        boolean partial,
        List<KeyColumn> key) {

    /** Whether queries may use it for any row. */
    public boolean isUsable() {
        return valid && ready && live && !partial;
    }

    /**
     * One key column.
     *
     * @param column empty for an expression
     * @param defaultOperators whether its operator class is the type's default, whose operators a statement can name
     * @param ownCollation whether it sorts by the column's own collation
     */
    public record KeyColumn(Optional<String> column, boolean defaultOperators, boolean ownCollation) {}
}
