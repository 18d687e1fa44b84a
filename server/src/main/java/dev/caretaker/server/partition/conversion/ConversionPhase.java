package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * One phase of a conversion or of the way back, for people.
 *
 * @param sql its statements, in order
 * @param atomic whether they run in one transaction; else each runs by itself
 * @param locks those that others may notice
 */
public record ConversionPhase(Kind kind, List<String> sql, boolean atomic, List<Lock> locks) {

    /** In the order in which they come. */
    public enum Kind {
        /** Unique indexes are built beside the table. */
        INDEXES,
        /** The constraint that proves the boundary comes, unchecked. */
        BOUND,
        /** It is validated. */
        VALIDATE,
        /** The partitioned table is prepared. */
        PARENT,
        /** It takes the table's place. */
        CUT_OVER,
        /** Statistics of the partitioned table are gathered. */
        ANALYZE,
        /** The way back after that. */
        REVERT,
        /** What the way back put in place unchecked is validated. */
        REVALIDATE
    }

    /**
     * @param relation empty where the words name the foreign key that leads to it
     * @param mode in Postgres' words
     * @param duration when, how long, and who waits
     */
    public record Lock(Optional<TableName> relation, String mode, String duration) {}
}
