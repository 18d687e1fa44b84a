package dev.caretaker.cli.testing;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.v1.CascadedRows;
import dev.caretaker.v1.Heartbeat;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStateChanged;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunThrottled;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.RunWarning;
import dev.caretaker.v1.StepFinished;
import dev.caretaker.v1.StepProgress;
import dev.caretaker.v1.StepStarted;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableTotals;
import dev.caretaker.v1.ThrottleSignal;
import java.util.List;

/** Events of a small run: one step on "Jobs", numbered from 1, one second apart unless said otherwise. */
public final class Events {
    public static final String RUN = "0197a6c0-0000-7000-8000-000000000001";
    public static final TableName JOBS =
            TableName.newBuilder().setSchema("public").setName("Jobs").build();

    private static final TableName ITEMS =
            TableName.newBuilder().setSchema("public").setName("items").build();

    private Events() {}

    public static RunStep step(int ordinal) {
        return RunStep.newBuilder()
                .setOrdinal(ordinal)
                .setKind("index-range")
                .setRelation(JOBS)
                .setPolicy("old-jobs")
                .setRowsExpected(120_000)
                .build();
    }

    public static RunEvent.Builder at(long sequence) {
        return RunEvent.newBuilder()
                .setRunId(RUN)
                .setSequence(sequence)
                .setTime(Timestamp.newBuilder().setSeconds(Cli.NOW.getEpochSecond() + sequence));
    }

    public static RunEvent accepted(long sequence) {
        return at(sequence)
                .setAccepted(RunAccepted.newBuilder()
                        .setKind(RunKind.RUN_KIND_CLEANUP)
                        .setTarget("shop")
                        .addSteps(step(1)))
                .build();
    }

    public static RunEvent running(long sequence) {
        return state(sequence, RunState.RUN_STATE_QUEUED, RunState.RUN_STATE_RUNNING, "");
    }

    public static RunEvent state(long sequence, RunState from, RunState to, String reason) {
        return at(sequence)
                .setStateChanged(
                        RunStateChanged.newBuilder().setFrom(from).setTo(to).setReason(reason))
                .build();
    }

    public static RunEvent started(long sequence) {
        return at(sequence)
                .setStepStarted(StepStarted.newBuilder().setStep(step(1)))
                .build();
    }

    public static RunEvent progress(long sequence, long rows) {
        return at(sequence)
                .setProgress(StepProgress.newBuilder()
                        .setStep(1)
                        .setRowsDone(rows)
                        .setRowsExpected(120_000)
                        .setFraction(rows / 120_000.0)
                        .setRowsPerSecond(31_200)
                        .setBatchDuration(Duration.newBuilder().setNanos(98_000_000))
                        .setEta(Duration.newBuilder().setSeconds(12))
                        .setPhase("pass 1"))
                .build();
    }

    public static RunEvent throttled(long sequence) {
        return at(sequence)
                .setThrottled(RunThrottled.newBuilder()
                        .setSignal(ThrottleSignal.THROTTLE_SIGNAL_REPLICATION_LAG)
                        .setValue(24 << 20)
                        .setThreshold(16 << 20)
                        .setWait(Duration.newBuilder().setSeconds(1)))
                .build();
    }

    public static RunEvent warning(long sequence) {
        return at(sequence)
                .setWarning(RunWarning.newBuilder().setCode("BATCH_RETRIED").setMessage("a batch was tried again"))
                .build();
    }

    public static RunEvent stepFinished(long sequence, RunOutcome outcome) {
        RunStep.Builder step = step(1).toBuilder().setStarted(true).setOutcome(outcome);
        step.setTotals(totals(outcome));
        return at(sequence)
                .setStepFinished(StepFinished.newBuilder().setStep(step))
                .build();
    }

    public static RunEvent finished(long sequence, RunOutcome outcome) {
        RunFinished.Builder finished = RunFinished.newBuilder()
                .setOutcome(outcome)
                .setTotals(totals(outcome))
                .addTables(TableTotals.newBuilder()
                        .setPolicy("old-jobs")
                        .setTable(JOBS)
                        .setTotals(totals(outcome)));
        if (outcome == RunOutcome.RUN_OUTCOME_FAILED) {
            finished.getErrorBuilder()
                    .setReason("PINNED_BY_FOREIGN_KEY")
                    .setMessage("rows are referenced by items_job_fk")
                    .setSqlstate("23503");
        }
        return at(sequence).setFinished(finished).build();
    }

    public static RunEvent heartbeat(long sequence) {
        return at(sequence)
                .setHeartbeat(Heartbeat.newBuilder().setState(RunState.RUN_STATE_RUNNING))
                .build();
    }

    private static RunTotals totals(RunOutcome outcome) {
        RunTotals.Builder totals = RunTotals.newBuilder()
                .setRowsDeleted(119_000)
                .setRowsExact(true)
                .setRowsCascaded(12)
                .addCascaded(CascadedRows.newBuilder().setTable(ITEMS).setRows(12))
                .setBytesDeleted(50 << 20)
                .setBytesReusable(48 << 20)
                .setBytesReturned(2 << 20)
                .setWalBytes(60 << 20)
                .setBatches(40)
                .setBusy(Duration.newBuilder().setSeconds(9));
        if (outcome == RunOutcome.RUN_OUTCOME_PINNED) {
            totals.setRowsPinned(7).addPinnedSamples("ctid (12,3): still referenced by items_job_fk");
        }
        if (outcome == RunOutcome.RUN_OUTCOME_RESIDUAL) {
            totals.setRowsResidual(3);
        }
        return totals.build();
    }

    /** A run from beginning to end. */
    public static List<RunEvent> all(RunOutcome outcome) {
        return List.of(
                accepted(1),
                running(2),
                started(3),
                progress(4, 60_000),
                throttled(5),
                warning(6),
                stepFinished(7, outcome),
                finished(8, outcome));
    }
}
