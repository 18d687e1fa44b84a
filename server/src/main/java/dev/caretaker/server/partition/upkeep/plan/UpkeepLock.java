package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.store.TableName;

/**
 * A lock that a step will take.
 *
 * @param mode in Postgres' words
 * @param duration when and how long
 */
public record UpkeepLock(TableName relation, String mode, String duration) {}
