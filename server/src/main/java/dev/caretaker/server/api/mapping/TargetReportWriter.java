package dev.caretaker.server.api.mapping;

import dev.caretaker.server.detect.Finding;
import dev.caretaker.server.report.HealthOpinion;
import dev.caretaker.server.report.ScheduleOutlook.Coming;
import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.report.TargetReport.Lane;
import dev.caretaker.server.report.TargetReport.PolicyLine;
import dev.caretaker.server.report.TargetReport.SetLine;
import dev.caretaker.server.report.TargetReport.SpanLine;
import dev.caretaker.server.report.TargetReport.Stretch;
import dev.caretaker.server.store.ReportRows.NotRun;
import dev.caretaker.server.store.ReportRows.RunCount;
import dev.caretaker.server.store.ReportRows.ScheduleTally;
import dev.caretaker.server.store.ReportRows.SetWork;
import dev.caretaker.server.store.ReportRows.Space;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.HealthReasonCode;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.ReportComing;
import dev.caretaker.v1.ReportFindingCount;
import dev.caretaker.v1.ReportLane;
import dev.caretaker.v1.ReportNotRun;
import dev.caretaker.v1.ReportOfTarget;
import dev.caretaker.v1.ReportPolicy;
import dev.caretaker.v1.ReportRunCount;
import dev.caretaker.v1.ReportSchedule;
import dev.caretaker.v1.ReportSet;
import dev.caretaker.v1.ReportSpace;
import dev.caretaker.v1.ReportSpan;
import dev.caretaker.v1.ReportStretch;

/** Writes the figures of a target over a period as messages. */
final class TargetReportWriter {
    private TargetReportWriter() {}

    static ReportOfTarget write(TargetReport report) {
        ReportOfTarget.Builder message = ReportOfTarget.newBuilder()
                .setTarget(report.target())
                .setSinceTime(Times.write(report.period().since()))
                .setUntilTime(Times.write(report.period().until()))
                .setVerdict(write(report.health().verdict()))
                .setReasonsLeftOut(report.health().reasonsLeftOut())
                .setTotals(RunWriter.write(report.totals()))
                .setRunsLeftOut(report.runs().leftOut())
                .setPoliciesLeftOut(report.policies().leftOut())
                .setSpan(Times.write(report.span()))
                .setSchedulesLeftOut(report.schedules().leftOut())
                .setNotRunLeftOut(report.notRun().leftOut())
                .setSetsLeftOut(report.sets().leftOut())
                .setFoundLeftOut(report.found().leftOut())
                .setGoneLeftOut(report.gone().leftOut())
                .setSpacesLeftOut(report.spaces().leftOut())
                .setDebtsLeftOut(report.debts().leftOut())
                .setGrowth(GrowthWriter.write(report.growth()))
                .setGrowthTablesLeftOut(report.growthTablesLeftOut())
                .setGrowthPoliciesLeftOut(report.growthPoliciesLeftOut())
                .setComingLeftOut(report.coming().leftOut())
                .addAllForgotten(report.forgotten())
                .setOpen(ReportFindingCount.newBuilder()
                        .setCritical(report.open().critical())
                        .setWarning(report.open().warning())
                        .setInfo(report.open().info()));
        report.health().reasons().stream().map(TargetReportWriter::write).forEach(message::addReasons);
        report.counts().stream().map(TargetReportWriter::write).forEach(message::addCounts);
        report.runs().first().stream().map(ReportWriter::write).forEach(message::addRuns);
        report.lanes().stream().map(TargetReportWriter::write).forEach(message::addLanes);
        report.policies().first().stream().map(TargetReportWriter::write).forEach(message::addPolicies);
        report.spans().stream().map(TargetReportWriter::write).forEach(message::addSpans);
        report.schedules().first().stream().map(TargetReportWriter::write).forEach(message::addSchedules);
        report.notRun().first().stream().map(TargetReportWriter::write).forEach(message::addNotRun);
        report.sets().first().stream().map(TargetReportWriter::write).forEach(message::addSets);
        report.found().first().stream().map(TargetReportWriter::write).forEach(message::addFound);
        report.gone().first().stream().map(TargetReportWriter::write).forEach(message::addGone);
        report.spaces().first().stream().map(TargetReportWriter::write).forEach(message::addSpaces);
        report.holds().stream().map(FireWriter::write).forEach(message::addHolds);
        report.debts().first().stream().map(DebtWriter::write).forEach(message::addDebts);
        report.coming().first().stream().map(TargetReportWriter::write).forEach(message::addComing);
        return message.build();
    }

    private static HealthVerdict write(HealthOpinion.Verdict verdict) {
        return switch (verdict) {
            case GOOD -> HealthVerdict.HEALTH_VERDICT_GOOD;
            case ATTENTION -> HealthVerdict.HEALTH_VERDICT_ATTENTION;
            case CRITICAL -> HealthVerdict.HEALTH_VERDICT_CRITICAL;
        };
    }

    private static HealthReason write(HealthOpinion.Reason reason) {
        return HealthReason.newBuilder()
                .setVerdict(write(reason.verdict()))
                .setCode(HealthReasonCode.valueOf(reason.code()))
                .setMessage(reason.message())
                .setId(reason.id())
                .build();
    }

    private static ReportRunCount write(RunCount count) {
        ReportRunCount.Builder message = ReportRunCount.newBuilder()
                .setKind(RunWriter.write(count.kind()))
                .setRuns(count.runs());
        count.outcome().map(RunWriter::write).ifPresent(message::setOutcome);
        return message.build();
    }

    private static ReportLane write(Lane lane) {
        return ReportLane.newBuilder()
                .setKind(RunWriter.write(lane.kind()))
                .addAllStretches(
                        lane.stretches().stream().map(TargetReportWriter::write).toList())
                .build();
    }

    private static ReportStretch write(Stretch stretch) {
        ReportStretch.Builder message =
                ReportStretch.newBuilder().setFirst(stretch.first()).setLast(stretch.last());
        stretch.worst().map(RunWriter::write).ifPresent(message::setWorst);
        return message.build();
    }

    private static ReportPolicy write(PolicyLine line) {
        ReportPolicy.Builder message = ReportPolicy.newBuilder()
                .setPolicy(line.policy())
                .setTable(Names.write(line.table()))
                .setExists(line.exists())
                .setRuns(line.runs())
                .setRunsNotComplete(line.runsNotComplete())
                .setTotals(RunWriter.write(line.totals()));
        line.completed().map(Times::write).ifPresent(message::setCompleteTime);
        line.overdue()
                .ifPresent(overdue -> message.setOverdue(Times.write(overdue.span()))
                        .setOverdueTime(Times.write(overdue.measured())));
        return message.build();
    }

    private static ReportSpan write(SpanLine span) {
        return ReportSpan.newBuilder()
                .setStartTime(Times.write(span.start()))
                .setRowsDeleted(span.rowsDeleted())
                .setBytesReturned(span.bytesReturned())
                .build();
    }

    private static ReportSchedule write(ScheduleTally tally) {
        return ReportSchedule.newBuilder()
                .setSchedule(tally.schedule())
                .setStarted(tally.started())
                .setCaughtUp(tally.caughtUp())
                .setFailed(tally.failed())
                .setSkipped(tally.skipped())
                .setMissed(tally.missed())
                .setRefused(tally.refused())
                .setWaiting(tally.waiting())
                .build();
    }

    private static ReportNotRun write(NotRun notRun) {
        return ReportNotRun.newBuilder()
                .setSchedule(notRun.schedule())
                .setOutcome(FireWriter.write(notRun.outcome()))
                .setReason(notRun.reason())
                .setMessage(notRun.message())
                .setTimes(notRun.times())
                .setFirstTime(Times.write(notRun.first()))
                .setLastTime(Times.write(notRun.last()))
                .build();
    }

    private static ReportSet write(SetLine line) {
        SetWork work = line.work();
        ReportSet.Builder message = ReportSet.newBuilder()
                .setSet(work.set())
                .setCreated(work.created())
                .setDetached(work.detached())
                .setDropped(work.dropped())
                .setBytesDropped(work.bytesDropped())
                .setAttached(work.attached())
                .setHeld(work.held())
                .setBytesHeld(work.bytesHeld())
                .setDefaultRows(line.defaultRows());
        line.runway().map(Times::write).ifPresent(message::setRunway);
        return message.build();
    }

    private static dev.caretaker.v1.Finding write(Finding finding) {
        return FindingWriter.write(finding).toBuilder().clearEvidence().build();
    }

    private static ReportSpace write(Space space) {
        return ReportSpace.newBuilder()
                .setRelation(Names.write(space.relation()))
                .setWork(space.work())
                .setTimes(space.times())
                .setBytesBefore(space.bytesBefore())
                .setBytesAfter(space.bytesAfter())
                .setBytesReturned(space.bytesReturned())
                .setDeadRowsBefore(space.deadBefore())
                .setDeadRowsAfter(space.deadAfter())
                .build();
    }

    private static ReportComing write(Coming coming) {
        return ReportComing.newBuilder()
                .setSchedule(coming.schedule())
                .setWork(coming.work())
                .setFirstTime(Times.write(coming.first()))
                .setTimes(coming.times())
                .setMore(coming.more())
                .setStarts(coming.starts())
                .setObstacle(coming.obstacle())
                .build();
    }
}
