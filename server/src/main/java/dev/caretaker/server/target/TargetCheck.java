package dev.caretaker.server.target;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What there is to know of a target before anything runs on it.
 *
 * @param serverVersion of the primary, for example "18.6"
 * @param systemIdentifier of the primary, made by initdb; unsigned
 * @param inRecovery whether what is configured as the primary is a standby
 * @param readOnly whether transactions are read-only by default
 * @param role role that Caretaker works as
 * @param pooling whether and how a proxy stands between
 * @param extensions installed ones, with version
 * @param databaseBytes size of the database
 * @param canMonitor whether the role may see other roles' sessions and statistics (pg_monitor)
 * @param replica what answers as the replica, if one is configured
 * @param missingTables tables asked for that do not exist
 * @param missingRights rights that the role lacks at the others
 */
public record TargetCheck(
        String serverVersion,
        Capabilities capabilities,
        long systemIdentifier,
        boolean inRecovery,
        boolean readOnly,
        String role,
        Pooling pooling,
        SortedMap<String, String> extensions,
        long databaseBytes,
        boolean canMonitor,
        Optional<Replica> replica,
        List<TableName> missingTables,
        List<MissingRight> missingRights) {

    /** The statement that lets the role see other roles' sessions and statistics. */
    public String monitoringRemediation() {
        return capabilities.grant("pg_monitor", role);
    }

    /**
     * What answers as the replica.
     *
     * @param problem one sentence if it does not answer, is no standby, or belongs to another system; else empty
     */
    public record Replica(Optional<String> problem) {}

    /**
     * A right that the role lacks at a table.
     *
     * @param table as asked for
     * @param relations where it lacks: the table itself, or partitions of it
     * @param remediation statement that mends it
     */
    public record MissingRight(TableName table, Right right, List<TableName> relations, String remediation) {}

    /** Rights that cleanup and its follow-up want. Of a target that acts as the owner they are the owner's. */
    public enum Right {
        /** Membership in the owner, if the target acts as the owner of each table. */
        MEMBERSHIP(true),
        /** USAGE on the schema: without it nothing works. */
        SCHEMA_USAGE(true),
        /** SELECT: without it rows cannot be found. */
        SELECT(true),
        /** DELETE, on each partition too: without it rows cannot be removed. */
        DELETE(true),
        /** Row security applies to the role: statements would be refused. */
        BYPASS_ROW_SECURITY(true),
        /** VACUUM and ANALYZE: without it the follow-up is skipped. */
        MAINTAIN(false),
        /** Ownership of a partitioned table: without it partitions cannot be detached and dropped. */
        OWNERSHIP(false),
        /** SELECT, DELETE and MAINTAIN on partitions to come, where the role has them on those that are there. */
        PARTITIONS_TO_COME(false);

        private final boolean needed;

        Right(boolean needed) {
            this.needed = needed;
        }

        /** Whether runs fail without it, rather than do less. */
        public boolean isNeeded() {
            return needed;
        }
    }
}
