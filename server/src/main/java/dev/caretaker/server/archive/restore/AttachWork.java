package dev.caretaker.server.archive.restore;

import dev.caretaker.server.store.TableName;

/**
 * What the step after the load has to do.
 *
 * @param partition table that was made
 * @param parent table it becomes a partition of
 * @param parentOid of that table
 * @param bound as PostgreSQL writes it, from the control store
 */
public record AttachWork(TableName partition, TableName parent, long parentOid, String bound) {}
