package dev.caretaker.server.store;

/** What a run does. */
public enum RunKind {
    CLEANUP,
    VACUUM,
    REINDEX,
    ROUTINE,
    /** Changes partitions. */
    UPKEEP,
    /** Brings archived rows, or a backup, back. */
    RESTORE,
    /** Copies a database or tables of it. */
    BACKUP,
    /** Proves a backup by restoring it elsewhere. */
    BACKUP_VERIFY,
    /** Looks whether archives are what their manifests say. */
    ARCHIVE_VERIFY
}
