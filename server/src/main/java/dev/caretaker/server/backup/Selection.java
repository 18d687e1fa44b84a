package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * What of a database is copied.
 *
 * @param schemas only these; with {@code tables}: what either names; neither: all but system schemas
 * @param tables only these, with the partitions of those that are partitioned
 * @param withoutRows tables of which only the definition is copied, with their partitions
 */
public record Selection(List<String> schemas, List<TableName> tables, List<TableName> withoutRows) {
    public static final Selection ALL = new Selection(List.of(), List.of(), List.of());

    /** Whether nothing is left out. */
    public boolean isWhole() {
        return takesAllObjects() && withoutRows.isEmpty();
    }

    /** Whether every object is copied. */
    public boolean takesAllObjects() {
        return schemas.isEmpty() && tables.isEmpty();
    }
}
