package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent.TableTotals;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.v1.ArchivedRows;
import dev.caretaker.v1.CascadedRows;
import dev.caretaker.v1.CoursePoint;
import dev.caretaker.v1.DesiredState;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunSums;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.StateRequest;
import java.util.UUID;

/** Writes runs and their parts as messages. */
public final class RunWriter {
    private RunWriter() {}

    public static Run write(RunView run) {
        Run.Builder message = Run.newBuilder()
                .setRunId(run.id().toString())
                .setKind(write(run.kind()))
                .setTarget(run.target())
                .setState(write(run.state()))
                .setDesiredState(
                        switch (run.desired()) {
                            case RUNNING -> DesiredState.DESIRED_STATE_RUNNING;
                            case PAUSED -> DesiredState.DESIRED_STATE_PAUSED;
                            case CANCELLED -> DesiredState.DESIRED_STATE_CANCELLED;
                        })
                .setStateReason(run.stateReason())
                .setPlanId(run.planId().map(UUID::toString).orElse(""))
                .setParentRunId(run.parentRunId().map(UUID::toString).orElse(""))
                .setCreatedBy(Names.write(run.createdBy()))
                .setCreateTime(Times.write(run.created()))
                .setTotals(write(run.totals()))
                .setTuning(write(run.tuning()))
                .setServer(run.server())
                .setTraceId(run.traceId().orElse(""))
                .setEpoch(run.epoch())
                .setLastSequence(run.lastSequence());
        run.steps().stream().map(RunWriter::write).forEach(message::addSteps);
        run.tables().stream().map(RunWriter::write).forEach(message::addTables);
        run.outcome().map(RunWriter::write).ifPresent(message::setOutcome);
        run.lastRequest().map(RunWriter::write).ifPresent(message::setLastRequest);
        run.started().map(Times::write).ifPresent(message::setStartTime);
        run.ended().map(Times::write).ifPresent(message::setEndTime);
        run.timeLeft().map(Times::write).ifPresent(message::setTimeLeft);
        run.deadline().map(Times::write).ifPresent(message::setDeadline);
        run.error().map(RunWriter::write).ifPresent(message::setError);
        run.debts().stream().map(DebtWriter::write).forEach(message::addDebts);
        return message.build();
    }

    static RunStep write(StepView step) {
        RunStep.Builder message = RunStep.newBuilder()
                .setOrdinal(step.ordinal())
                .setKind(step.kind())
                .setRelation(Names.write(step.relation()))
                .setPolicy(step.policy())
                .setStarted(step.started().isPresent())
                .setRowsExpected(step.rowsExpected())
                .setTotals(write(step.totals()))
                .setMessage(step.message());
        step.outcome().map(RunWriter::write).ifPresent(message::setOutcome);
        step.started().map(Times::write).ifPresent(message::setStartTime);
        step.ended().map(Times::write).ifPresent(message::setEndTime);
        return message.build();
    }

    static RunTotals write(Totals totals) {
        return RunTotals.newBuilder()
                .setRowsDeleted(totals.rowsDeleted())
                .setRowsExact(totals.rowsExact())
                .setRowsCascaded(totals.rowsCascaded())
                .setRowsPinned(totals.rowsPinned())
                .setRowsResidual(totals.rowsResidual())
                .setBytesDeleted(totals.bytesDeleted())
                .setBytesReusable(totals.bytesReusable())
                .setBytesReturned(totals.bytesReturned())
                .setBytesBefore(totals.space().bytesBefore())
                .setBytesAfter(totals.space().bytesAfter())
                .setDeadRowsBefore(totals.space().deadBefore())
                .setDeadRowsAfter(totals.space().deadAfter())
                .setWalBytes(totals.walBytes())
                .setBatches(totals.batches())
                .setRetries(totals.retries())
                .setBusy(Times.write(totals.busy()))
                .addAllPinnedSamples(totals.pinnedSamples())
                .setRowsRestored(totals.restored().rows())
                .setRowsLeftOut(totals.restored().leftOut())
                .addAllArchived(totals.archived().stream()
                        .map(archived -> ArchivedRows.newBuilder()
                                .setPlace(archived.place())
                                .setRows(archived.rows())
                                .setBytes(archived.bytes())
                                .build())
                        .toList())
                .addAllCascaded(totals.cascaded().stream()
                        .map(cascaded -> CascadedRows.newBuilder()
                                .setTable(Names.write(cascaded.table()))
                                .setRows(cascaded.rows())
                                .build())
                        .toList())
                .build();
    }

    static dev.caretaker.v1.TableTotals write(TableTotals table) {
        return dev.caretaker.v1.TableTotals.newBuilder()
                .setPolicy(table.policy())
                .setTable(Names.write(table.table()))
                .setTotals(write(table.totals()))
                .build();
    }

    static dev.caretaker.v1.RunError write(RunError error) {
        return dev.caretaker.v1.RunError.newBuilder()
                .setReason(error.reason())
                .setMessage(error.message())
                .setSqlstate(error.sqlState())
                .putAllMetadata(error.metadata())
                .build();
    }

    static dev.caretaker.v1.RunKind write(RunKind kind) {
        return switch (kind) {
            case CLEANUP -> dev.caretaker.v1.RunKind.RUN_KIND_CLEANUP;
            case VACUUM -> dev.caretaker.v1.RunKind.RUN_KIND_VACUUM;
            case REINDEX -> dev.caretaker.v1.RunKind.RUN_KIND_REINDEX;
            case ROUTINE -> dev.caretaker.v1.RunKind.RUN_KIND_ROUTINE;
            case UPKEEP -> dev.caretaker.v1.RunKind.RUN_KIND_UPKEEP;
            case RESTORE -> dev.caretaker.v1.RunKind.RUN_KIND_RESTORE;
            case BACKUP -> dev.caretaker.v1.RunKind.RUN_KIND_BACKUP;
            case BACKUP_VERIFY -> dev.caretaker.v1.RunKind.RUN_KIND_BACKUP_VERIFY;
            case ARCHIVE_VERIFY -> dev.caretaker.v1.RunKind.RUN_KIND_ARCHIVE_VERIFY;
        };
    }

    static dev.caretaker.v1.RunState write(RunState state) {
        return switch (state) {
            case QUEUED -> dev.caretaker.v1.RunState.RUN_STATE_QUEUED;
            case WAITING_WINDOW -> dev.caretaker.v1.RunState.RUN_STATE_WAITING_WINDOW;
            case WAITING_LOCK -> dev.caretaker.v1.RunState.RUN_STATE_WAITING_LOCK;
            case RUNNING -> dev.caretaker.v1.RunState.RUN_STATE_RUNNING;
            case THROTTLED -> dev.caretaker.v1.RunState.RUN_STATE_THROTTLED;
            case PAUSED -> dev.caretaker.v1.RunState.RUN_STATE_PAUSED;
            case CANCELLING -> dev.caretaker.v1.RunState.RUN_STATE_CANCELLING;
            case ENDED -> dev.caretaker.v1.RunState.RUN_STATE_ENDED;
        };
    }

    public static CoursePoint write(Runs.CoursePoint point) {
        CoursePoint.Builder message = CoursePoint.newBuilder()
                .setTime(Times.write(point.at()))
                .setRowsDone(point.rowsDone())
                .setBytesDone(point.bytesDone())
                .setBytesProcessed(point.bytesProcessed());
        if (!point.longestBatch().isZero()) {
            message.setLongestBatch(Times.write(point.longestBatch()));
        }
        return message.build();
    }

    public static RunSums write(Runs.RunSums sums) {
        return RunSums.newBuilder()
                .setRuns(sums.runs())
                .setEnded(sums.ended())
                .setFailed(sums.failed())
                .setRowsDeleted(sums.rowsDeleted())
                .setRowsExact(sums.rowsExact())
                .setBytesReturned(sums.bytesReturned())
                .build();
    }

    static RunOutcome write(Outcome outcome) {
        return switch (outcome) {
            case SKIPPED -> RunOutcome.RUN_OUTCOME_SKIPPED;
            case COMPLETE -> RunOutcome.RUN_OUTCOME_COMPLETE;
            case RESIDUAL -> RunOutcome.RUN_OUTCOME_RESIDUAL;
            case PINNED -> RunOutcome.RUN_OUTCOME_PINNED;
            case DEADLINE -> RunOutcome.RUN_OUTCOME_DEADLINE;
            case CANCELLED -> RunOutcome.RUN_OUTCOME_CANCELLED;
            case FAILED -> RunOutcome.RUN_OUTCOME_FAILED;
        };
    }

    private static StateRequest write(RunView.StateRequest request) {
        return StateRequest.newBuilder()
                .setActor(Names.write(request.actor()))
                .setReason(request.reason())
                .setTime(Times.write(request.at()))
                .build();
    }

    private static dev.caretaker.v1.Tuning write(Tuning tuning) {
        return dev.caretaker.v1.Tuning.newBuilder()
                .setPace(
                        switch (tuning.pace()) {
                            case ADAPTIVE -> dev.caretaker.v1.Pace.PACE_ADAPTIVE;
                            case FAST -> dev.caretaker.v1.Pace.PACE_FAST;
                            case POLITE -> dev.caretaker.v1.Pace.PACE_POLITE;
                        })
                .setBatchTarget(Times.write(tuning.batchTarget()))
                .setMaxRowsPerSecond(tuning.maxRowsPerSecond())
                .setPauseRatio(tuning.pauseRatio())
                .setMaxReplicationLagBytes(tuning.maxReplicationLagBytes())
                .setMaxWalBytesPerSecond(tuning.maxWalBytesPerSecond())
                .setMaxLockWaiters(tuning.maxLockWaiters())
                .build();
    }
}
