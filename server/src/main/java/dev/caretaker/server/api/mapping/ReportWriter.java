package dev.caretaker.server.api.mapping;

import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.ReportRows.StateTime;
import dev.caretaker.server.store.ReportRows.Throttle;
import dev.caretaker.v1.ReportCutoff;
import dev.caretaker.v1.ReportOfRun;
import dev.caretaker.v1.ReportPlan;
import dev.caretaker.v1.ReportRun;
import dev.caretaker.v1.ReportThrottle;
import dev.caretaker.v1.ReportTime;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.ThrottleSignal;

/** Writes the figures of reports as messages. */
public final class ReportWriter {
    private ReportWriter() {}

    public static dev.caretaker.v1.Report write(Report report) {
        var message = dev.caretaker.v1.Report.newBuilder().setLookTime(Times.write(report.look()));
        switch (report) {
            case RunReport run -> message.setRun(write(run));
            case TargetReport target -> message.setTarget(TargetReportWriter.write(target));
        }
        return message.build();
    }

    private static ReportOfRun write(RunReport report) {
        Run.Builder run = RunWriter.write(report.run()).toBuilder();
        report.observed().map(ObservationWriter::write).ifPresent(run::setObservation);
        ReportOfRun.Builder message = ReportOfRun.newBuilder()
                .setRun(run)
                .setStepsLeftOut(report.stepsLeftOut())
                .setTablesLeftOut(report.tablesLeftOut())
                .setEventsLeftOut(report.events().leftOut())
                .setChildrenLeftOut(report.children().leftOut());
        report.plan().map(ReportWriter::write).ifPresent(message::setPlan);
        report.times().stream().map(ReportWriter::write).forEach(message::addTimes);
        report.throttles().stream().map(ReportWriter::write).forEach(message::addThrottles);
        report.events().first().stream()
                .map(happened ->
                        EventWriter.write(report.run().id(), happened.sequence(), happened.at(), happened.event()))
                .forEach(message::addEvents);
        report.children().first().stream().map(ReportWriter::write).forEach(message::addChildren);
        return message.build();
    }

    private static ReportPlan write(RunReport.Plan plan) {
        ReportPlan.Builder message = ReportPlan.newBuilder()
                .setPlanId(plan.id().toString())
                .setCreateTime(Times.write(plan.created()))
                .setCreatedBy(Names.write(plan.createdBy()))
                .addAllWarnings(plan.warnings())
                .setActions(plan.actions());
        plan.expected().map(PlanWriter::write).ifPresent(message::setExpected);
        plan.cutoffs().stream()
                .map(cutoff -> ReportCutoff.newBuilder()
                        .setPolicy(cutoff.policy())
                        .setTable(Names.write(cutoff.table()))
                        .setCutoff(Times.write(cutoff.cutoff())))
                .forEach(message::addCutoffs);
        return message.build();
    }

    private static ReportTime write(StateTime time) {
        return ReportTime.newBuilder()
                .setState(RunWriter.write(time.state()))
                .setTime(Times.write(time.time()))
                .setTimes(time.times())
                .setReason(time.reason())
                .build();
    }

    private static ReportThrottle write(Throttle throttle) {
        return ReportThrottle.newBuilder()
                .setSignal(ThrottleSignal.valueOf("THROTTLE_SIGNAL_" + throttle.signal()))
                .setTimes(throttle.times())
                .setWait(Times.write(throttle.waited()))
                .setHighest(throttle.highest())
                .setThreshold(throttle.threshold())
                .build();
    }

    static ReportRun write(RunLine run) {
        ReportRun.Builder message = ReportRun.newBuilder()
                .setRunId(run.id().toString())
                .setKind(RunWriter.write(run.kind()))
                .setState(RunWriter.write(run.state()))
                .addAllSubjects(run.subjects())
                .setActor(run.actor())
                .setCreateTime(Times.write(run.created()))
                .setRowsDeleted(run.rowsDeleted())
                .setBytesReturned(run.bytesReturned())
                .setSteps(run.steps())
                .setMessage(run.message());
        run.outcome().map(RunWriter::write).ifPresent(message::setOutcome);
        run.started().map(Times::write).ifPresent(message::setStartTime);
        run.ended().map(Times::write).ifPresent(message::setEndTime);
        return message.build();
    }
}
