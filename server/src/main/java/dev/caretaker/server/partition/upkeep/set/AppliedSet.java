package dev.caretaker.server.partition.upkeep.set;

import java.util.List;

/**
 * What became of one set that was applied.
 *
 * @param set as stored, or as it would be
 * @param warnings sentences
 */
public record AppliedSet(StoredSet set, Result result, List<String> warnings) {

    /** What applying it did. */
    public enum Result {
        CREATED,
        UPDATED,
        /** It was the same already. */
        UNCHANGED
    }
}
