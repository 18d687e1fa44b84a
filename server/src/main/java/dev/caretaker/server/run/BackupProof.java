package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A backup that is there.
 *
 * @param maker who made it: caretaker, pgbackrest, or what somebody recorded
 * @param id its name there
 * @param time the moment whose state it holds
 * @param verified when it was last proven by restoring it
 * @param bytes its size, if that is known
 */
public record BackupProof(
        String maker, String id, Instant time, Optional<Instant> verified, OptionalLong bytes, Extent extent) {

    /**
     * What of the database is in it.
     *
     * @param schemas only these; with {@code tables}: what either names; neither: all
     * @param tables only these
     * @param withoutRows tables whose rows are not in it
     */
    public record Extent(List<String> schemas, List<TableName> tables, List<TableName> withoutRows) {
        public static final Extent ALL = new Extent(List.of(), List.of(), List.of());

        public boolean isWhole() {
            return equals(ALL);
        }

        /**
         * Whether all that is looked after is in it.
         *
         * @param scope schemas to which a target is limited; empty: all of the database is
         */
        public boolean holds(List<String> scope) {
            return isWhole() || withoutRows.isEmpty() && !scope.isEmpty() && schemas.containsAll(scope);
        }

        /** Whether the rows of a table are in it. What belongs to a table by partitioning is not looked at. */
        public boolean covers(TableName table) {
            boolean named =
                    schemas.isEmpty() && tables.isEmpty() || schemas.contains(table.schema()) || tables.contains(table);
            return named && !withoutRows.contains(table);
        }
    }
}
