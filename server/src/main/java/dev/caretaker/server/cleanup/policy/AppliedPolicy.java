package dev.caretaker.server.cleanup.policy;

import java.util.List;

/**
 * What became of one policy that was applied.
 *
 * @param policy as stored, or as it would be
 * @param warnings sentences, for example about contradictions with other policies on the same table
 */
public record AppliedPolicy(StoredPolicy policy, Result result, List<String> warnings) {

    /** What applying it did. */
    public enum Result {
        CREATED,
        UPDATED,
        /** It was the same already; who changed it last and when stay as they were. */
        UNCHANGED,
        /** It was of a target that was pruned, and not among those that were applied. */
        DELETED
    }
}
