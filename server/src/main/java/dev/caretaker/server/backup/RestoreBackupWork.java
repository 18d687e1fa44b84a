package dev.caretaker.server.backup;

import java.util.UUID;

/**
 * What a step that restores a backup has to do.
 *
 * @param allowNotEmpty whether the database may have tables of its own
 * @param databaseOid of the database that is restored into, by which the work is fenced
 */
public record RestoreBackupWork(UUID backup, RestorePart part, boolean allowNotEmpty, long databaseOid) {}
