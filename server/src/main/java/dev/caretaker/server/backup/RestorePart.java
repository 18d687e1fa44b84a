package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    /** Tables of a backup that are restored. Those above come before those below in it. */
    public Set<TableName> tablesOf(BackupManifest manifest) {
        Set<TableName> taken = new HashSet<>();
        for (CopiedTable table : manifest.copied().tables()) {
            boolean wanted = isWhole()
                    || schemas.contains(table.table().schema())
                    || tables.contains(table.table())
                    || table.parent().filter(taken::contains).isPresent();
            if (wanted) {
                taken.add(table.table());
            }
        }
        return taken;
    }

    /**
     * Whether an object is restored. What belongs to no table, such as a type, is where all is, or its schema is, or some table
     * that may need it.
     *
     * @param taken tables that are restored
     */
    public boolean takes(MadeObject object, Set<TableName> taken) {
        if (isWhole()) {
            return true;
        }
        boolean ownTable =
                object.table().filter(table -> !table.equals(object.name())).isPresent();
        if (object.table().isPresent()
                && (ownTable || taken.contains(object.table().get()))) {
            return taken.contains(object.table().get());
        }
        String schema = object.kind().equals("schema")
                ? object.name().name()
                : object.name().schema();
        return schemas.contains(schema)
                || tables.contains(object.name())
                || object.table().isEmpty()
                        && taken.stream().anyMatch(table -> table.schema().equals(schema));
    }
}
