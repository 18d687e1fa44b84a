package dev.caretaker.server.api.mapping;

import dev.caretaker.server.schedule.Action;
import dev.caretaker.server.schedule.AppliedSchedule;
import dev.caretaker.server.schedule.ExclusionCalendar;
import dev.caretaker.server.schedule.Schedule;
import dev.caretaker.server.schedule.Schedules.Standing;
import dev.caretaker.server.schedule.StoredSchedule;
import dev.caretaker.server.schedule.When;
import dev.caretaker.server.store.SchedulePause;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.FireRetries;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.ScheduleStanding;
import dev.caretaker.v1.ScheduledCleanup;
import dev.caretaker.v1.ScheduledDetection;
import dev.caretaker.v1.ScheduledReindex;
import dev.caretaker.v1.ScheduledReport;
import dev.caretaker.v1.ScheduledUpkeep;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.Weekday;
import dev.caretaker.v1.WindowEnd;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;

/** Writes schedules and calendars as messages. */
public final class ScheduleWriter {
    private ScheduleWriter() {}

    public static dev.caretaker.v1.AppliedSchedule write(AppliedSchedule applied) {
        return dev.caretaker.v1.AppliedSchedule.newBuilder()
                .setSchedule(write(applied.schedule(), List.of()))
                .setResult(
                        switch (applied.result()) {
                            case CREATED -> ApplyResult.APPLY_RESULT_CREATED;
                            case UPDATED -> ApplyResult.APPLY_RESULT_UPDATED;
                            case UNCHANGED -> ApplyResult.APPLY_RESULT_UNCHANGED;
                            case DELETED -> ApplyResult.APPLY_RESULT_DELETED;
                        })
                .addAllWarnings(applied.warnings())
                .build();
    }

    /** @param standing how it stands at its targets; others are left out */
    public static dev.caretaker.v1.Schedule write(StoredSchedule stored, List<Standing> standing) {
        var message = write(stored.schedule())
                .setEtag(stored.etag())
                .setUpdateTime(Times.write(stored.updated()))
                .setUpdatedBy(Names.write(stored.updatedBy()));
        stored.pause().map(ScheduleWriter::write).ifPresent(message::setPause);
        standing.stream()
                .filter(at -> at.line().schedule().equals(stored.schedule().name()))
                .map(ScheduleWriter::write)
                .forEach(message::addStanding);
        return message.build();
    }

    private static dev.caretaker.v1.Schedule.Builder write(Schedule schedule) {
        var message = dev.caretaker.v1.Schedule.newBuilder()
                .setName(schedule.name())
                .setDescription(schedule.description())
                .setWork(write(schedule.action()))
                .setOverlap(
                        switch (schedule.overlap()) {
                            case SKIP -> OverlapRule.OVERLAP_RULE_SKIP;
                            case QUEUE_ONE -> OverlapRule.OVERLAP_RULE_QUEUE_ONE;
                        })
                .setCatchUp(Times.write(schedule.catchUp()))
                .addAllCalendars(schedule.calendars())
                .setPauseAfterFailures(schedule.pauseAfterFailures());
        schedule.target().ifPresentOrElse(message::setTarget, () -> message.setAllTargets(true));
        switch (schedule.when()) {
            case When.Cron cron -> message.setCron(cron.text()).setZone(Times.write(cron.zone()));
            case When.Every every -> message.setEvery(Times.write(every.span()));
        }
        if (!schedule.jitter().isZero()) {
            message.setJitter(Times.write(schedule.jitter()));
        }
        schedule.window()
                .ifPresent(window -> message.setWindow(RunWindow.newBuilder()
                                .setStart(window.start().toString())
                                .setEnd(window.end().toString())
                                .setZone(Times.write(window.zone())))
                        .setWindowEnd(
                                switch (schedule.windowEnd()) {
                                    case PAUSE -> WindowEnd.WINDOW_END_PAUSE;
                                    case STOP -> WindowEnd.WINDOW_END_STOP;
                                    case FINISH -> WindowEnd.WINDOW_END_FINISH;
                                }));
        schedule.deadline().map(Times::write).ifPresent(message::setDeadline);
        if (schedule.retries().times() > 0) {
            message.setRetries(FireRetries.newBuilder()
                    .setTimes(schedule.retries().times())
                    .setDelay(Times.write(schedule.retries().delay())));
        }
        schedule.expectation().map(Times::write).ifPresent(message::setExpectSuccessWithin);
        return message;
    }

    private static ScheduledWork write(Action action) {
        var message = ScheduledWork.newBuilder();
        return switch (action) {
            case Action.Routine routine -> message.setRoutine(routine.name()).build();
            case Action.Cleanup cleanup ->
                message.setCleanup(ScheduledCleanup.newBuilder().addAllPolicies(cleanup.policies()))
                        .build();
            case Action.Upkeep upkeep ->
                message.setUpkeep(ScheduledUpkeep.newBuilder().addAllSets(upkeep.sets()))
                        .build();
            case Action.Vacuum vacuum ->
                message.setVacuum(ScheduledVacuum.newBuilder()
                                .addAllTables(vacuum.tables().stream()
                                        .map(Names::write)
                                        .toList()))
                        .build();
            case Action.Reindex reindex ->
                message.setReindex(ScheduledReindex.newBuilder()
                                .addAllTables(reindex.tables().stream()
                                        .map(Names::write)
                                        .toList()))
                        .build();
            case Action.Detection ignored ->
                message.setDetection(ScheduledDetection.getDefaultInstance()).build();
            case Action.Backup backup ->
                message.setBackup(BackupWriter.write(backup.terms())).build();
            case Action.BackupVerify verify ->
                message.setBackupVerify(BackupWriter.write(verify.terms())).build();
            case Action.ArchiveVerify verify ->
                message.setArchiveVerify(ArchiveWriter.write(verify.terms())).build();
            case Action.Report report ->
                message.setReport(ScheduledReport.newBuilder()
                                .setPeriod(Times.write(report.period()))
                                .setFormat(ReportReader.write(report.format())))
                        .build();
        };
    }

    private static ScheduleStanding write(Standing standing) {
        var message = ScheduleStanding.newBuilder()
                .setTarget(standing.line().target())
                .setFailures(standing.line().failures());
        standing.next().map(Times::write).ifPresent(message::setNextTime);
        standing.latest().map(FireWriter::write).ifPresent(message::setLatest);
        standing.line().succeeded().map(Times::write).ifPresent(message::setSuccessTime);
        standing.line().pause().map(ScheduleWriter::write).ifPresent(message::setPause);
        return message.build();
    }

    private static dev.caretaker.v1.SchedulePause write(SchedulePause pause) {
        var message = dev.caretaker.v1.SchedulePause.newBuilder()
                .setActor(Names.write(pause.actor()))
                .setReason(pause.reason())
                .setStartTime(Times.write(pause.since()));
        pause.until().map(Times::write).ifPresent(message::setEndTime);
        return message.build();
    }

    public static dev.caretaker.v1.ExclusionCalendar write(ExclusionCalendar calendar) {
        return dev.caretaker.v1.ExclusionCalendar.newBuilder()
                .setName(calendar.name())
                .setDescription(calendar.description())
                .setZone(Times.write(calendar.zone()))
                .addAllDates(calendar.dates().stream().map(LocalDate::toString).toList())
                .addAllWeekdays(calendar.weekdays().stream()
                        .sorted()
                        .map(day -> Weekday.forNumber(day.getValue()))
                        .toList())
                .addAllYearly(calendar.yearly().stream()
                        .map(MonthDay::toString)
                        .map(text -> text.substring(2)) // --12-24
                        .toList())
                .build();
    }
}
