package dev.caretaker.server.config;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A routine, under {@code caretaker.routines.<name>}: several kinds of upkeep as one run.
 *
 * @param parts what it does, in that order
 * @param deadline longest time it may take
 * @param window when it may work
 */
public record RoutineConfig(
        String name,
        List<Part> parts,
        Duration deadline,
        Optional<Window> window,
        Vacuum vacuum,
        Reindex reindex,
        CancelQueries cancelQueries,
        Report report) {

    public RoutineConfig {
        report = Objects.requireNonNullElse(report, Report.USUAL); // runs of older servers have none
    }

    /** One with nothing but this part, as long as this one may take, at any time. */
    public RoutineConfig only(String otherName, Part part) {
        return new RoutineConfig(
                otherName, List.of(part), deadline, Optional.empty(), vacuum, reindex, cancelQueries, report);
    }

    /** The same with another report. */
    public RoutineConfig with(Report other) {
        return new RoutineConfig(name, parts, deadline, window, vacuum, reindex, cancelQueries, other);
    }

    /** What a routine can be made of. */
    public enum Part {
        /** Queries that run too long are cancelled if that is switched on, else counted. */
        CANCEL_QUERIES,
        /** Upkeep of all partition sets of the target: partitions that are missing, and old ones. */
        PARTITIONS,
        /** Every policy of the target whose rows are due, each a cleanup of its own. */
        CLEANUP,
        /** VACUUM and ANALYZE of what reaches a threshold. */
        VACUUM,
        /** Freezes what is close to its age. */
        FREEZE,
        /** Rebuilds bloated indexes. */
        REINDEX,
        /** ANALYZE of every table, the most changed first. */
        STATISTICS,
        /** Finds what is wrong. */
        DETECT,
        /** Writes a report of the target as a file. */
        REPORT
    }

    /** A daily window; if it does not end after it starts, it ends on the next day. */
    public record Window(LocalTime start, LocalTime end, ZoneId zone) {}

    /**
     * Thresholds of the parts VACUUM and FREEZE; see RunVacuum.
     *
     * @param forcedPercent freeze age from which VACUUM takes a table
     * @param freezePercent freeze age from which FREEZE does
     */
    public record Vacuum(
            double deadPercent,
            long minimumRows,
            double changedPercent,
            double insertedPercent,
            double forcedPercent,
            double freezePercent) {}

    /** Thresholds of the part REINDEX; see RunReindex. */
    public record Reindex(double minimumPercent, long minimumBytes, int mostIndexes, Duration coolDown) {}

    /**
     * Which queries the part CANCEL_QUERIES means.
     *
     * @param enabled whether to cancel them; else they are only counted
     */
    public record CancelQueries(boolean enabled, Duration olderThan) {}

    /**
     * What the part REPORT writes.
     *
     * @param period how far it looks back
     */
    public record Report(Duration period, ReportFormat format) {
        public static final Report USUAL = new Report(Duration.ofDays(7), ReportFormat.HTML);
    }
}
