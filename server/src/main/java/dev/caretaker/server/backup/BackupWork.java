package dev.caretaker.server.backup;

/**
 * What a step that makes a backup has to do.
 *
 * @param databaseOid of the database that is copied, by which the work is fenced: one backup of a database at a time
 */
public record BackupWork(BackupOrder order, long databaseOid) {}
