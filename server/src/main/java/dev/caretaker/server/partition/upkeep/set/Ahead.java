package dev.caretaker.server.partition.upkeep.set;

import java.time.Duration;

/**
 * How far ahead partitions exist; both hold.
 *
 * @param partitions after the current one
 * @param duration time after now that is covered; counts for times only
 */
public record Ahead(int partitions, Duration duration) {
    /** After two weeks in which nothing looked after the table, its rows still find a partition. */
    public static final Ahead USUAL = new Ahead(4, Duration.ofDays(15));
}
