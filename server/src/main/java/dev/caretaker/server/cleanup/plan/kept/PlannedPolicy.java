package dev.caretaker.server.cleanup.plan.kept;

import dev.caretaker.server.cleanup.policy.StoredPolicy;
import java.time.Instant;

/**
 * A policy as it was when planned.
 *
 * @param cutoff rows strictly older than this instant are eligible
 * @param predicateSql the predicate with its values written out, for reading only
 * @param tableRows rows of the policy's whole table when planned, by statistics
 */
public record PlannedPolicy(StoredPolicy policy, Instant cutoff, String predicateSql, long tableRows) {}
