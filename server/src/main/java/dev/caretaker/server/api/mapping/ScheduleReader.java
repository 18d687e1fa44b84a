package dev.caretaker.server.api.mapping;

import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.report.Period;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.Zone;
import dev.caretaker.server.schedule.Action;
import dev.caretaker.server.schedule.Overlap;
import dev.caretaker.server.schedule.Retries;
import dev.caretaker.server.schedule.Schedule;
import dev.caretaker.server.schedule.When;
import dev.caretaker.server.schedule.WindowEnd;
import dev.caretaker.server.schedule.time.InvalidCron;
import dev.caretaker.v1.FireRetries;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledWork;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads schedules from their messages. What they name is looked for later. */
public final class ScheduleReader {
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    static final String NAME_RULE = "must be 1 to 63 characters of [a-z0-9_-], starting with a letter";
    private static final int MOST_NAMES = 500;
    private static final int MOST_CALENDARS = 100;
    private static final int MOST_RETRIES = 100;
    private static final int MOST_FAILURES = 1_000;
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration DAY = Duration.ofDays(1);
    private static final When NEVER = new When.Cron("0 0 1 1 *", Zone.of(ZoneOffset.UTC));

    private ScheduleReader() {}

    /** The schedule; incomplete if violations were found. */
    public static Schedule read(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        violations.require(NAME.matcher(message.getName()).matches(), path + ".name", NAME_RULE);
        return new Schedule(
                message.getName(),
                violations.text(path + ".description", message.getDescription()),
                target(violations, path, message),
                when(violations, path, message),
                action(violations, path + ".work", message.getWork()),
                overlap(violations, path + ".overlap", message.getOverlap()),
                message.hasCatchUp()
                        ? span(violations, path + ".catch_up", message.getCatchUp(), LONGEST, "at most 366 days")
                        : Schedule.USUAL_CATCH_UP,
                message.hasJitter()
                        ? span(violations, path + ".jitter", message.getJitter(), DAY, "at most 24 h")
                        : Duration.ZERO,
                window(violations, path, message),
                windowEnd(violations, path, message),
                names(violations, path + ".calendars", message.getCalendarsList(), MOST_CALENDARS),
                RunBounds.deadline(violations, path + ".deadline", message.hasDeadline(), message.getDeadline()),
                message.hasRetries() ? retries(violations, path + ".retries", message.getRetries()) : Retries.NONE,
                failures(violations, path + ".pause_after_failures", message.getPauseAfterFailures()),
                expectation(violations, path + ".expect_success_within", message));
    }

    private static Optional<String> target(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        return switch (message.getPlaceCase()) {
            case TARGET -> Optional.of(violations.required(path + ".target", message.getTarget()));
            case ALL_TARGETS -> {
                violations.require(message.getAllTargets(), path + ".all_targets", "must be true, or a target named");
                yield Optional.empty();
            }
            case PLACE_NOT_SET -> {
                violations.add(path + ".target", "is required, unless all_targets is set");
                yield Optional.empty();
            }
        };
    }

    private static When when(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        return switch (message.getWhenCase()) {
            case CRON -> cron(violations, path, message);
            case EVERY -> every(violations, path, message);
            case WHEN_NOT_SET -> {
                violations.add(path + ".cron", "is required, unless every is set");
                yield NEVER;
            }
        };
    }

    private static When cron(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        if (message.getZone().isEmpty()) {
            violations.add(
                    path + ".zone",
                    "is required for cron: an IANA time zone, such as Europe/Berlin; UTC must be written");
            return NEVER;
        }
        ZoneId zone = Times.zone(violations, path + ".zone", message.getZone());
        When.Cron cron = new When.Cron(violations.text(path + ".cron", message.getCron()), Zone.of(zone));
        try {
            cron.timing(message.getName());
        } catch (InvalidCron e) {
            violations.add(path + ".cron", e.getMessage());
        }
        return cron;
    }

    private static When every(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        violations.require(message.getZone().isEmpty(), path + ".zone", "is for cron only: an interval knows no zone");
        Duration every = Times.read(
                violations,
                path + ".every",
                message.getEvery(),
                Duration.ofSeconds(1),
                LONGEST,
                "at least one second and at most 366 days");
        if (every == null || every.getNano() != 0) {
            violations.require(every == null, path + ".every", "must be whole seconds");
            return NEVER;
        }
        return new When.Every(every);
    }

    private static Action action(Violations violations, String path, ScheduledWork message) {
        return switch (message.getKindCase()) {
            case ROUTINE -> new Action.Routine(violations.required(path + ".routine", message.getRoutine()));
            case CLEANUP ->
                new Action.Cleanup(names(
                        violations,
                        path + ".cleanup.policies",
                        message.getCleanup().getPoliciesList(),
                        MOST_NAMES));
            case UPKEEP ->
                new Action.Upkeep(names(
                        violations, path + ".upkeep.sets", message.getUpkeep().getSetsList(), MOST_NAMES));
            case VACUUM ->
                new Action.Vacuum(VacuumReader.tables(
                        violations, path + ".vacuum.tables", message.getVacuum().getTablesList()));
            case REINDEX ->
                new Action.Reindex(VacuumReader.tables(
                        violations,
                        path + ".reindex.tables",
                        message.getReindex().getTablesList()));
            case DETECTION -> new Action.Detection();
            case REPORT -> report(violations, path + ".report", message.getReport());
            case BACKUP -> new Action.Backup(BackupReader.terms(violations, path + ".backup", message.getBackup()));
            case BACKUP_VERIFY ->
                new Action.BackupVerify(
                        BackupReader.terms(violations, path + ".backup_verify", message.getBackupVerify()));
            case ARCHIVE_VERIFY ->
                new Action.ArchiveVerify(ArchiveReader.terms(
                        violations,
                        path + ".archive_verify",
                        message.getArchiveVerify(),
                        names(
                                violations,
                                path + ".archive_verify.policies",
                                message.getArchiveVerify().getPoliciesList(),
                                MOST_NAMES)));
            case KIND_NOT_SET -> {
                violations.add(
                        path,
                        "is required: a routine, a cleanup, upkeep, a vacuum, a reindex, a detection, a report, a backup, its"
                                + " verification, or that of archives");
                yield new Action.Detection();
            }
        };
    }

    private static Action report(Violations violations, String path, ScheduledReport message) {
        Duration period = message.hasPeriod()
                ? Optional.ofNullable(Times.read(
                                violations,
                                path + ".period",
                                message.getPeriod(),
                                Period.SHORTEST,
                                Period.LONGEST,
                                "at least one minute and at most 400 days"))
                        .orElse(Period.USUAL)
                : Period.USUAL;
        return new Action.Report(
                period,
                ReportReader.format(violations, path + ".format", message.getFormat())
                        .orElse(ReportFormat.HTML));
    }

    private static Overlap overlap(Violations violations, String path, OverlapRule message) {
        return switch (message) {
            case OVERLAP_RULE_UNSPECIFIED, OVERLAP_RULE_SKIP -> Overlap.SKIP;
            case OVERLAP_RULE_QUEUE_ONE -> Overlap.QUEUE_ONE;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a rule this server knows");
                yield Overlap.SKIP;
            }
        };
    }

    private static Optional<RunWindow> window(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        return RunBounds.window(violations, path + ".window", message.hasWindow(), message.getWindow());
    }

    private static WindowEnd windowEnd(Violations violations, String path, dev.caretaker.v1.Schedule message) {
        boolean unspecified = message.getWindowEnd() == dev.caretaker.v1.WindowEnd.WINDOW_END_UNSPECIFIED;
        violations.require(message.hasWindow() || unspecified, path + ".window_end", "is for a schedule with a window");
        return switch (message.getWindowEnd()) {
            case WINDOW_END_UNSPECIFIED, WINDOW_END_PAUSE -> WindowEnd.PAUSE;
            case WINDOW_END_STOP -> WindowEnd.STOP;
            case WINDOW_END_FINISH -> WindowEnd.FINISH;
            case UNRECOGNIZED -> {
                violations.add(path + ".window_end", "is not an end this server knows");
                yield WindowEnd.PAUSE;
            }
        };
    }

    private static Retries retries(Violations violations, String path, FireRetries message) {
        violations.require(
                message.getTimes() >= 0 && message.getTimes() <= MOST_RETRIES, path + ".times", "must be 0 to 100");
        return new Retries(
                message.getTimes(), span(violations, path + ".delay", message.getDelay(), DAY, "at most 24 h"));
    }

    private static int failures(Violations violations, String path, int failures) {
        violations.require(failures >= 0 && failures <= MOST_FAILURES, path, "must be 0 to 1,000; 0 means never");
        return failures;
    }

    private static Optional<Duration> expectation(
            Violations violations, String path, dev.caretaker.v1.Schedule message) {
        return message.hasExpectSuccessWithin()
                ? Optional.ofNullable(Times.read(
                        violations,
                        path,
                        message.getExpectSuccessWithin(),
                        Duration.ofMinutes(1),
                        LONGEST,
                        "at least one minute and at most 366 days"))
                : Optional.empty();
    }

    /** From zero on. */
    private static Duration span(
            Violations violations, String path, com.google.protobuf.Duration message, Duration most, String bounds) {
        return Optional.ofNullable(Times.read(violations, path, message, Duration.ZERO, most, bounds))
                .orElse(Duration.ZERO);
    }

    private static List<String> names(Violations violations, String path, List<String> names, int most) {
        violations.require(names.size() <= most, path, "must not hold more than " + most + " names");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < Math.min(names.size(), most); i++) {
            violations.required(path + "[" + i + "]", names.get(i));
            violations.require(seen.add(names.get(i)), path + "[" + i + "]", "is named more than once");
        }
        return List.copyOf(names);
    }
}
