package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;

/**
 * A check constraint that only serves a step.
 *
 * @param oid table on which it stands
 */
public record StrayConstraint(long oid, TableName table, String constraint) {}
