package dev.caretaker.server.target;

/**
 * What a server can do, asked by ability and never by comparing version numbers in a feature.
 *
 * @param versionNumber server_version_num, for example 180006
 */
public record Capabilities(int versionNumber) {
    /** Oldest major version that is tested. */
    public static final int OLDEST_MAJOR = 14;

    public int major() {
        return versionNumber / 10_000;
    }

    public boolean isSupported() {
        return major() >= OLDEST_MAJOR;
    }

    /** ALTER TABLE … DETACH PARTITION … CONCURRENTLY and FINALIZE: PostgreSQL 14. */
    public boolean canDetachConcurrently() {
        return major() >= 14;
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
}
