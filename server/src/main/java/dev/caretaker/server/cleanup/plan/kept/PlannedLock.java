package dev.caretaker.server.cleanup.plan.kept;

import dev.caretaker.server.store.TableName;

/**
 * A lock a step will take.
 *
 * @param mode in Postgres' words, for example {@code ACCESS EXCLUSIVE}
 * @param duration when and how long, for example "per batch"
 */
public record PlannedLock(TableName relation, String mode, String duration) {}
