package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.Heartbeat;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunStateChanged;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunThrottled;
import dev.caretaker.v1.RunWarning;
import dev.caretaker.v1.StepFinished;
import dev.caretaker.v1.StepProgress;
import dev.caretaker.v1.StepStarted;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Writes events of a run as messages. */
public final class EventWriter {
    /** Codes of what only tells what was done. Not RESTORE_NOTE and VERIFY_NOTE, which may tell what was left out. */
    private static final Set<String> NOTES =
            Set.of("BACKUP_STORED", "BACKUP_PROVEN", "BACKUP_RESTORED", "DEBT_SETTLED", "TUNED");

    private EventWriter() {}

    public static dev.caretaker.v1.RunEvent.Builder write(UUID runId, long sequence, Instant at, RunEvent event) {
        var message = envelope(runId, sequence, at);
        switch (event) {
            case RunEvent.Accepted accepted -> message.setAccepted(write(accepted));
            case RunEvent.StateChanged changed -> message.setStateChanged(write(changed));
            case RunEvent.StepStarted started ->
                message.setStepStarted(StepStarted.newBuilder()
                        .setStep(RunWriter.write(started.step()))
                        .setResumed(started.resumed()));
            case RunEvent.Progress progress -> message.setProgress(write(progress));
            case RunEvent.Throttled throttled -> message.setThrottled(write(throttled));
            case RunEvent.Warning warning ->
                message.setWarning(RunWarning.newBuilder()
                        .setCode(warning.code())
                        .setMessage(warning.message())
                        .setStep(warning.step())
                        .setNote(NOTES.contains(warning.code()))
                        .putAllMetadata(warning.metadata()));
            case RunEvent.StepFinished finished ->
                message.setStepFinished(StepFinished.newBuilder().setStep(RunWriter.write(finished.step())));
            case RunEvent.Finished finished -> message.setFinished(write(finished));
        }
        return message;
    }

    public static dev.caretaker.v1.RunEvent.Builder heartbeat(
            UUID runId, long lastSequence, Instant at, RunState state) {
        return envelope(runId, lastSequence, at)
                .setHeartbeat(Heartbeat.newBuilder().setState(RunWriter.write(state)));
    }

    /** The first event that a run would have, of one that is not made: it has no id, and steps that say why. */
    public static dev.caretaker.v1.RunEvent preview(RunKind kind, String target, List<RunStep> steps, Instant at) {
        return dev.caretaker.v1.RunEvent.newBuilder()
                .setSequence(1)
                .setTime(Times.write(at))
                .setAccepted(RunAccepted.newBuilder()
                        .setKind(RunWriter.write(kind))
                        .setTarget(target)
                        .addAllSteps(steps))
                .build();
    }

    /** A step of such a run. */
    public static RunStep preview(int ordinal, String kind, TableName relation, String policy, String reason) {
        return RunStep.newBuilder()
                .setOrdinal(ordinal)
                .setKind(kind)
                .setRelation(Names.write(relation))
                .setPolicy(policy)
                .setMessage(reason)
                .build();
    }

    private static dev.caretaker.v1.RunEvent.Builder envelope(UUID runId, long sequence, Instant at) {
        return dev.caretaker.v1.RunEvent.newBuilder()
                .setRunId(runId.toString())
                .setSequence(sequence)
                .setTime(Times.write(at));
    }

    private static RunAccepted write(RunEvent.Accepted accepted) {
        return RunAccepted.newBuilder()
                .setKind(RunWriter.write(accepted.kind()))
                .setTarget(accepted.target())
                .setPlanId(accepted.planId().orElse(""))
                .addAllSteps(steps(accepted.steps()))
                .build();
    }

    private static List<RunStep> steps(List<StepView> steps) {
        return steps.stream().map(RunWriter::write).toList();
    }

    private static RunStateChanged write(RunEvent.StateChanged changed) {
        var message = RunStateChanged.newBuilder()
                .setFrom(RunWriter.write(changed.from()))
                .setTo(RunWriter.write(changed.to()))
                .setReason(changed.reason());
        changed.actor().map(Names::write).ifPresent(message::setActor);
        return message.build();
    }

    private static StepProgress write(RunEvent.Progress progress) {
        var message = StepProgress.newBuilder()
                .setStep(progress.step())
                .setRowsDone(progress.rowsDone())
                .setRowsExpected(progress.rowsExpected())
                .setBytesDone(progress.bytesDone())
                .setWalBytes(progress.walBytes())
                .setRowsPerSecond(progress.rowsPerSecond())
                .setBatchDuration(Times.write(progress.batchDuration()))
                .setBatchRows(progress.batchRows())
                .setFraction(progress.fraction())
                .setPhase(progress.phase())
                .setRunRowsDone(progress.runRowsDone());
        progress.eta().map(Times::write).ifPresent(message::setEta);
        return message.build();
    }

    private static RunThrottled write(RunEvent.Throttled throttled) {
        return RunThrottled.newBuilder()
                .setSignal(write(throttled.signal()))
                .setValue(throttled.value())
                .setThreshold(throttled.threshold())
                .setWait(Times.write(throttled.pause()))
                .build();
    }

    private static dev.caretaker.v1.ThrottleSignal write(ThrottleSignal signal) {
        return switch (signal) {
            case PAUSE_RATIO -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_PAUSE_RATIO;
            case ROWS_PER_SECOND -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_ROWS_PER_SECOND;
            case REPLICATION_LAG -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_REPLICATION_LAG;
            case WAL_BUDGET -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_WAL_BUDGET;
            case LOCK_WAITERS -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_LOCK_WAITERS;
            case OTHERS_AT_WORK -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_OTHERS_AT_WORK;
            case LOG_WAITERS -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_LOG_WAITERS;
            case COMMIT_TIME -> dev.caretaker.v1.ThrottleSignal.THROTTLE_SIGNAL_COMMIT_TIME;
        };
    }

    private static RunFinished write(RunEvent.Finished finished) {
        var message = RunFinished.newBuilder()
                .setOutcome(RunWriter.write(finished.outcome()))
                .setTotals(RunWriter.write(finished.totals()));
        finished.tables().stream().map(RunWriter::write).forEach(message::addTables);
        finished.error().map(RunWriter::write).ifPresent(message::setError);
        finished.debts().stream().map(DebtWriter::write).forEach(message::addDebts);
        return message.build();
    }
}
