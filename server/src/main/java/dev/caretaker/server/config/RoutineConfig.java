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
 * @param backup what the part BACKUP copies; empty: it has none
 */
public record RoutineConfig(
        String name,
        List<Part> parts,
        Duration deadline,
        Optional<Window> window,
        Vacuum vacuum,
        Reindex reindex,
        CancelQueries cancelQueries,
        Report report,
        Optional<Backup> backup,
        BackupVerify backupVerify,
        ArchiveVerify archiveVerify) {

    public RoutineConfig {
        report = Objects.requireNonNullElse(report, Report.USUAL); // runs of older servers have none
        backup = Objects.requireNonNullElse(backup, Optional.empty());
        backupVerify = Objects.requireNonNullElse(backupVerify, BackupVerify.USUAL);
        archiveVerify = Objects.requireNonNullElse(archiveVerify, ArchiveVerify.USUAL);
    }

    /** One with nothing but this part, as long as this one may take, at any time. */
    public RoutineConfig only(String otherName, Part part) {
        return new RoutineConfig(
                otherName,
                List.of(part),
                deadline,
                Optional.empty(),
                vacuum,
                reindex,
                cancelQueries,
                report,
                backup,
                backupVerify,
                archiveVerify);
    }

    /** The same with another report. */
    public RoutineConfig with(Report other) {
        return new RoutineConfig(
                name,
                parts,
                deadline,
                window,
                vacuum,
                reindex,
                cancelQueries,
                other,
                backup,
                backupVerify,
                archiveVerify);
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
        REPORT,
        /** Copies the database, or a part of it; before a cleanup, for instance. */
        BACKUP,
        /** Proves the newest backup by restoring it elsewhere. */
        BACKUP_VERIFY,
        /** Looks whether archives that were not verified for a while are what their manifests say. */
        ARCHIVE_VERIFY
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

    /**
     * What the part BACKUP copies.
     *
     * @param destination name of one in the configuration
     * @param engine what makes it
     * @param schemas only these; none: all
     * @param withoutRows tables of which only the definition is copied, as schema.table
     * @param keep how long each is kept
     * @param keepLast as long as there are fewer newer ones, each is kept as well
     * @param ifRequired whether it is left out unless a policy of the target requires a backup that is not there
     */
    public record Backup(
            String destination,
            Engine engine,
            List<String> schemas,
            List<String> withoutRows,
            Optional<Duration> keep,
            Optional<Integer> keepLast,
            boolean ifRequired) {

        /** What makes a backup. */
        public enum Engine {
            TABLE_COPY,
            PG_DUMP
        }
    }

    /**
     * How the part BACKUP_VERIFY verifies the newest backup.
     *
     * @param scratchTarget target on whose server the scratch database is made; empty: in a server that Caretaker starts
     * @param allowSameServer whether that may be the server of the target
     * @param ifRequired whether it is left out unless a policy of the target requires a verified backup that is not there
     */
    public record BackupVerify(Optional<String> scratchTarget, boolean allowSameServer, boolean ifRequired) {
        static final BackupVerify USUAL = new BackupVerify(Optional.empty(), false, false);
    }

    /**
     * Which archives the part ARCHIVE_VERIFY looks at, the newest first.
     *
     * @param within how long ago one may have been verified
     * @param most how many at a time
     */
    public record ArchiveVerify(Duration within, int most, Level level) {
        static final ArchiveVerify USUAL = new ArchiveVerify(Duration.ofDays(30), 100, Level.READ_BACK);

        /** How far. */
        public enum Level {
            STORED,
            READ_BACK,
            RESTORED
        }
    }
}
