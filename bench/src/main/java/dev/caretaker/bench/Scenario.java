package dev.caretaker.bench;

import dev.caretaker.v1.Mechanism;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is removed, and from what. All of them remove rows of one "Status" that ended longer ago than a time. */
enum Scenario {
    HALF_INDEX("half of the table, by index", 2, Duration.ofDays(30), Set.of(Mechanism.MECHANISM_INDEX_RANGE), 1.0),
    HALF_BLOCKS(
            "half of the table, no index",
            2,
            Duration.ofDays(30),
            Set.of(Mechanism.MECHANISM_BLOCK_RANGE),
            1.0,
            "IX_JobOccurrences_Status_EndTime"),
    CLUSTERED("3 % clustered, by index", 2, Duration.ofDays(60), Set.of(Mechanism.MECHANISM_INDEX_RANGE), 1.15),
    SCATTERED(
            "3 % scattered, no index",
            4,
            Duration.ofHours(12),
            Set.of(Mechanism.MECHANISM_ROW_LIST, Mechanism.MECHANISM_BLOCK_RANGE),
            1.15,
            "IX_JobOccurrences_Status_EndTime",
            "IX_JobOccurrences_Status"),
    /** As HALF_INDEX, while a transaction elsewhere keeps a snapshot that still sees every deleted row. */
    OLD_SNAPSHOT(
            "half of the table, old snapshot held",
            2,
            Duration.ofDays(30),
            Set.of(Mechanism.MECHANISM_INDEX_RANGE),
            1.2),
    /** A narrow table with a plain index on its time, of which nine tenths go: dead entries pile up at the index's end. */
    TIME_INDEX(
            "90 % of a narrow table, by a plain index on time",
            0, Duration.ofDays(30), Set.of(Mechanism.MECHANISM_INDEX_RANGE), 1.15),
    /** Events with ten tables that reference them, each with an index: foreign keys take most of the time. */
    CASCADE(
            "half of a table with ten foreign keys",
            0,
            Duration.ofDays(30),
            Set.of(Mechanism.MECHANISM_INDEX_RANGE, Mechanism.MECHANISM_ROW_LIST),
            1.15);

    private final String title;
    private final int status;
    private final Duration olderThan;
    private final Set<Mechanism> mechanisms;
    private final double allowedRatio;
    private final List<String> droppedIndexes;

    Scenario(
            String title,
            int status,
            Duration olderThan,
            Set<Mechanism> mechanisms,
            double allowedRatio,
            String... droppedIndexes) {
        this.title = title;
        this.status = status;
        this.olderThan = olderThan;
        this.mechanisms = mechanisms;
        this.allowedRatio = allowedRatio;
        this.droppedIndexes = List.of(droppedIndexes);
    }

    String title() {
        return title;
    }

    /** Name on the command line and in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int status() {
        return status;
    }

    Duration olderThan() {
        return olderThan;
    }

    /** Indexes that would help and are dropped from the clone first. */
    List<String> droppedIndexes() {
        return droppedIndexes;
    }

    /** Mechanisms that this scenario is meant to measure. */
    Set<Mechanism> mechanisms() {
        return mechanisms;
    }

    /** Most that Caretaker may take, as a multiple of the single DELETE's time. */
    double allowedRatio() {
        return allowedRatio;
    }

    /** Most that 19 of 20 batches may take, as a multiple of their target: what foreign keys do is harder to foresee. */
    double batchRatio() {
        return this == CASCADE ? 2 : 1.25;
    }

    /** Whether Caretaker is to be at least three times as fast as the loop. */
    boolean comparesWithLoop() {
        return this == HALF_INDEX || this == HALF_BLOCKS;
    }

    /** Script that makes the clone; empty if it is one of the template. */
    Optional<String> script() {
        return switch (this) {
            case TIME_INDEX -> Optional.of("narrow");
            case CASCADE -> Optional.of("cascade");
            default -> Optional.empty();
        };
    }

    String table() {
        return script().isEmpty() ? "JobOccurrences" : "events";
    }

    String quotedTable() {
        return '"' + table() + '"';
    }

    /** An index that leads to the rows that go. */
    String timeIndex() {
        return script().isEmpty() ? "IX_JobOccurrences_Status_EndTime" : "events_at";
    }

    /** Its key, as SQL. */
    String id() {
        return script().isEmpty() ? "\"Id\"" : "id";
    }

    String timeColumn() {
        return script().isEmpty() ? "EndTime" : "at";
    }

    /** The loop sits out what takes it many times as long as usual. */
    boolean hasLoop() {
        return !holdsSnapshot() && script().isEmpty();
    }

    /** Whether the speed along the way is looked at. */
    boolean isSampled() {
        return holdsSnapshot() || this == TIME_INDEX;
    }

    boolean holdsSnapshot() {
        return this == OLD_SNAPSHOT;
    }

    /** The condition as a user would write it. */
    String condition() {
        if (script().isPresent()) {
            return "at < now() - interval '" + olderThan.toHours() + " hours'";
        }
        return "\"Status\" = " + status + " AND \"EndTime\" < now() - interval '" + olderThan.toHours() + " hours'";
    }
}
