package dev.caretaker.server.console.show;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.Weekday;
import dev.caretaker.v1.WindowEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Schedules and what became of their times, in words. */
public final class ScheduleWords {
    private static final int MOST_NAMES = 5;

    private ScheduleWords() {}

    /** What it starts: "Cleanup of orders, events", "Vacuum of what needs it". */
    public static String work(ScheduledWork work) {
        return switch (work.getKindCase()) {
            case ROUTINE -> "Routine " + Show.visible(work.getRoutine());
            case CLEANUP -> "Cleanup of " + names(work.getCleanup().getPoliciesList(), "all policies");
            case UPKEEP -> "Upkeep of " + names(work.getUpkeep().getSetsList(), "all partition sets");
            case VACUUM -> "Vacuum of " + names(tables(work.getVacuum().getTablesList()), "what needs it");
            case REINDEX -> "Reindex of " + names(tables(work.getReindex().getTablesList()), "what is bloated");
            case DETECTION -> "All checks";
            case REPORT -> report(work.getReport());
            case BACKUP -> "Backup to " + Show.visible(work.getBackup().getDestination());
            case BACKUP_VERIFY -> "Restore of the newest backup, to be sure";
            case ARCHIVE_VERIFY ->
                "Verification of archives of " + names(work.getArchiveVerify().getPoliciesList(), "all policies");
            case KIND_NOT_SET -> "Nothing";
        };
    }

    private static String report(ScheduledReport report) {
        Duration period = report.hasPeriod() ? Moments.duration(report.getPeriod()) : Duration.ofDays(7);
        return "Report of the last " + Spans.words(period);
    }

    /** When it is due: "every 5 min", or the expression; its zone stands beside. */
    public static String when(Schedule schedule) {
        return schedule.hasEvery() ? "every " + Spans.words(Moments.duration(schedule.getEvery())) : schedule.getCron();
    }

    /** What becomes of a time that comes while the run before is going on. */
    public static String of(OverlapRule rule) {
        return rule == OverlapRule.OVERLAP_RULE_QUEUE_ONE ? "one waits for it, more are skipped" : "it is skipped";
    }

    /** "22:00 to 05:00 Europe/Berlin; then what runs waits for the next". */
    public static String window(RunWindow window, WindowEnd end) {
        String then = switch (end) {
            case WINDOW_END_STOP -> "then what runs is stopped";
            case WINDOW_END_FINISH -> "what runs goes on to its end";
            case WINDOW_END_PAUSE, WINDOW_END_UNSPECIFIED, UNRECOGNIZED -> "then what runs waits for the next";
        };
        String zone = window.getZone().isEmpty() ? "UTC" : window.getZone();
        return window.getStart() + " to " + window.getEnd() + " " + zone + "; " + then;
    }

    /** The days that it excludes. */
    public static String days(ExclusionCalendar calendar) {
        List<String> parts = new ArrayList<>();
        if (calendar.getWeekdaysCount() > 0) {
            parts.add("every "
                    + calendar.getWeekdaysList().stream()
                            .map(ScheduleWords::day)
                            .collect(Collectors.joining(", ")));
        }
        if (calendar.getYearlyCount() > 0) {
            parts.add("each year " + names(calendar.getYearlyList(), ""));
        }
        if (calendar.getDatesCount() > 0) {
            parts.add(names(calendar.getDatesList(), ""));
        }
        return String.join("; ", parts);
    }

    private static String day(Weekday day) {
        String name = day.name().substring("WEEKDAY_".length());
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    public static String of(FireOutcome outcome) {
        return switch (outcome) {
            case FIRE_OUTCOME_WAITING -> "waits";
            case FIRE_OUTCOME_STARTED -> "started";
            case FIRE_OUTCOME_CAUGHT_UP -> "started late";
            case FIRE_OUTCOME_SKIPPED_OVERLAP -> "skipped, still at work";
            case FIRE_OUTCOME_SKIPPED_CALENDAR -> "skipped, excluded day";
            case FIRE_OUTCOME_SKIPPED_WINDOW -> "skipped, window closed";
            case FIRE_OUTCOME_SKIPPED_PAUSED -> "skipped, paused";
            case FIRE_OUTCOME_SKIPPED_HOLD -> "skipped, on hold";
            case FIRE_OUTCOME_MISSED -> "missed";
            case FIRE_OUTCOME_REFUSED -> "refused";
            case FIRE_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String tone(FireOutcome outcome) {
        return switch (outcome) {
            case FIRE_OUTCOME_STARTED, FIRE_OUTCOME_CAUGHT_UP -> "good";
            case FIRE_OUTCOME_SKIPPED_OVERLAP, FIRE_OUTCOME_SKIPPED_PAUSED, FIRE_OUTCOME_SKIPPED_HOLD -> "attention";
            case FIRE_OUTCOME_MISSED, FIRE_OUTCOME_REFUSED -> "critical";
            case FIRE_OUTCOME_WAITING,
                    FIRE_OUTCOME_SKIPPED_CALENDAR,
                    FIRE_OUTCOME_SKIPPED_WINDOW,
                    FIRE_OUTCOME_UNSPECIFIED,
                    UNRECOGNIZED -> "quiet";
        };
    }

    /** What became of it: how its run ended if there was one. */
    public static String of(Fire fire) {
        return fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_UNSPECIFIED
                ? of(fire.getOutcome())
                : Words.of(fire.getRunOutcome());
    }

    public static String tone(Fire fire) {
        return fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_UNSPECIFIED
                ? tone(fire.getOutcome())
                : Words.tone(fire.getRunOutcome());
    }

    private static List<String> tables(List<TableName> tables) {
        return tables.stream().map(Figures::table).toList();
    }

    private static String names(List<String> names, String none) {
        if (names.isEmpty()) {
            return none;
        }
        String first = names.stream().limit(MOST_NAMES).map(Show::visible).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? first + " and " + (names.size() - MOST_NAMES) + " more" : first;
    }
}
