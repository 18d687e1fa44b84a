package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server can do, asked by ability and never by comparing version numbers in a feature. The versions are those of
 * the release notes.
 *
 * @param versionNumber server_version_num, for example 180006
 * @see <a href="https://www.postgresql.org/docs/release/">PostgreSQL release notes</a>
 */
public record Capabilities(int versionNumber) {
    /** Oldest major version that is tested. */
    public static final int OLDEST_MAJOR = 14;
    /** Newest major version that is tested. */
    public static final int NEWEST_MAJOR = 18;

    /** Those of the server that answers. */
    public static Capabilities of(Connection connection) throws SQLException {
        return new Capabilities(Sql.of("SELECT CAST(pg_catalog.current_setting('server_version_num') AS int)")
                .one(connection, row -> row.getInt(1)));
    }

    public int major() {
        return versionNumber / 10_000;
    }

    public boolean isSupported() {
        return major() >= OLDEST_MAJOR;
    }

    /** Whether that major version is one that is tested. */
    public boolean isTested() {
        return isSupported() && major() <= NEWEST_MAJOR;
    }

    /** ALTER TABLE … DETACH PARTITION … CONCURRENTLY and FINALIZE: PostgreSQL 14. */
    public boolean canDetachConcurrently() {
        return major() >= 14;
    }

    /** CREATE PUBLICATION … FOR TABLES IN SCHEMA: PostgreSQL 15. */
    public boolean canPublishSchemas() {
        return major() >= 15;
    }

    /** UNIQUE NULLS NOT DISTINCT: PostgreSQL 15. */
    public boolean canTreatNullsAsEqual() {
        return major() >= 15;
    }

    /** GRANT role TO role WITH INHERIT TRUE, whatever the role's own INHERIT says: PostgreSQL 16. */
    public boolean canGrantInheritance() {
        return major() >= 16;
    }

    /** The statement by which a role gets the rights of a predefined one and needs no SET ROLE to use them, without a semicolon. */
    public String grant(String role, String to) {
        return "GRANT " + role + " TO " + Identifiers.quote(to) + (canGrantInheritance() ? " WITH INHERIT TRUE" : "");
    }

    /** pg_database.datcollversion, and pg_database_collation_actual_version: PostgreSQL 15. */
    public boolean recordsDatabaseCollationVersion() {
        return major() >= 15;
    }

    /** Statistics are in shared memory, seen as soon as they are reported: PostgreSQL 15. */
    public boolean reportsStatisticsAtOnce() {
        return major() >= 15;
    }

    /** pg_stat_io: PostgreSQL 16. */
    public boolean hasIoStatistics() {
        return major() >= 16;
    }

    /** When an index or table was last scanned (last_idx_scan, last_seq_scan): PostgreSQL 16. */
    public boolean recordsLastScan() {
        return major() >= 16;
    }

    /** VACUUM and ANALYZE (BUFFER_USAGE_LIMIT …): PostgreSQL 16. */
    public boolean canLimitVacuumBuffers() {
        return major() >= 16;
    }

    /** The MAINTAIN privilege and the role pg_maintain: PostgreSQL 17. */
    public boolean hasMaintainPrivilege() {
        return major() >= 17;
    }

    /** pg_stat_progress_vacuum counts dead tuples in bytes and indexes processed: PostgreSQL 17. */
    public boolean reportsVacuumBytes() {
        return major() >= 17;
    }

    /** transaction_timeout: PostgreSQL 17. */
    public boolean hasTransactionTimeout() {
        return major() >= 17;
    }

    /** pg_stat_checkpointer, with the counters that pg_stat_bgwriter had: PostgreSQL 17. */
    public boolean hasCheckpointerStatistics() {
        return major() >= 17;
    }

    /** VACUUM ONLY and ANALYZE ONLY, and without it VACUUM of a partitioned table reaches its partitions: PostgreSQL 18. */
    public boolean canVacuumOnly() {
        return major() >= 18;
    }

    /** REPACK (CONCURRENTLY) and pg_stat_progress_repack: PostgreSQL 19. */
    public boolean canRepackConcurrently() {
        return major() >= 19;
    }

    /** Names of the abilities that not every supported version has, for people to read. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        add(names, canDetachConcurrently(), "detach-concurrently");
        add(names, canPublishSchemas(), "publish-schemas");
        add(names, canTreatNullsAsEqual(), "nulls-not-distinct");
        add(names, hasIoStatistics(), "io-statistics");
        add(names, recordsLastScan(), "last-scan-times");
        add(names, canLimitVacuumBuffers(), "vacuum-buffer-limit");
        add(names, hasMaintainPrivilege(), "maintain-privilege");
        add(names, reportsVacuumBytes(), "vacuum-progress-bytes");
        add(names, hasTransactionTimeout(), "transaction-timeout");
        add(names, hasCheckpointerStatistics(), "checkpointer-statistics");
        add(names, canVacuumOnly(), "vacuum-only");
        add(names, canRepackConcurrently(), "repack-concurrently");
        return names;
    }

    private static void add(List<String> names, boolean able, String name) {
        if (able) {
            names.add(name);
        }
    }
}
