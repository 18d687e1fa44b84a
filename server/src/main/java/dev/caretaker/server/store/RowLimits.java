package dev.caretaker.server.store;

import java.util.Map;

/**
 * How many rows a run may delete for each of its policies.
 *
 * @param byPolicy most rows by name of the policy; one that is not named has no limit
 */
public record RowLimits(Map<String, Long> byPolicy) {
    public static final RowLimits NONE = new RowLimits(Map.of());

    /** Rows that may still be deleted for a policy. */
    public long left(String policy, long deleted) {
        Long limit = byPolicy.get(policy);
        return limit == null ? Long.MAX_VALUE : Math.max(0, limit - deleted);
    }
}
