package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * What of a backup is restored.
 *
 * @param schemas only these; with {@code tables}: what either names; neither: all of it
 * @param tables only these, with the partitions of those that are partitioned
 * @param owners whether owners and grants are made again
 */
public record RestorePart(List<String> schemas, List<TableName> tables, boolean owners) {
    public static final RestorePart ALL = new RestorePart(List.of(), List.of(), true);

    public boolean isWhole() {
        return schemas.isEmpty() && tables.isEmpty();
    }
}
