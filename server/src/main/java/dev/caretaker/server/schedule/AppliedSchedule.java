package dev.caretaker.server.schedule;

import java.util.List;

/**
 * What became of one schedule that was applied.
 *
 * @param schedule as stored, or as it would be
 * @param warnings sentences
 */
public record AppliedSchedule(StoredSchedule schedule, Result result, List<String> warnings) {

    /** What applying it did. */
    public enum Result {
        CREATED,
        UPDATED,
        /** It was the same already. */
        UNCHANGED,
        /** It was pruned. */
        DELETED
    }
}
