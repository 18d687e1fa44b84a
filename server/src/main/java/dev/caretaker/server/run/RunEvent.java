package dev.caretaker.server.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens in a run, as journalled and streamed. The numbers and times of events are kept beside them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunEvent.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = RunEvent.StateChanged.class, name = "state-changed"),
    @JsonSubTypes.Type(value = RunEvent.StepStarted.class, name = "step-started"),
    @JsonSubTypes.Type(value = RunEvent.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = RunEvent.Throttled.class, name = "throttled"),
    @JsonSubTypes.Type(value = RunEvent.Warning.class, name = "warning"),
    @JsonSubTypes.Type(value = RunEvent.StepFinished.class, name = "step-finished"),
    @JsonSubTypes.Type(value = RunEvent.Finished.class, name = "finished")
})
public sealed interface RunEvent {

    /** Always the first event. */
    record Accepted(RunKind kind, String target, Optional<String> planId, List<StepView> steps) implements RunEvent {}

    /**
     * The observed state became another.
     *
     * @param reason one sentence
     * @param actor who asked for it; empty if the engine decided it
     */
    record StateChanged(RunState from, RunState to, String reason, Optional<Actor> actor) implements RunEvent {}

    /** A step began, or went on from its cursor if {@code resumed}. */
    record StepStarted(StepView step, boolean resumed) implements RunEvent {}

    /**
     * How far a step is; at most once a second a run.
     *
     * @param step its ordinal
     * @param rowsDone rows it deleted so far; of a restore those that it brought back or left out
     * @param rowsExpected by the plan; 0 if unknown
     * @param bytesDone bytes that it deleted, or that its statement has processed, so far
     * @param walBytes write-ahead log of the whole server while the step worked: an estimate of its own
     * @param rowsPerSecond over the last seconds, waits included
     * @param batchDuration duration of the latest batch
     * @param batchRows rows that the latest batch deleted
     * @param eta expected time to the end of the step; empty if unknown
     * @param fraction share of the step that is done, 0 to 1; never goes backwards
     * @param phase what it is doing, for people
     * @param runRowsDone rows that the whole run deleted so far
     */
    record Progress(
            int step,
            long rowsDone,
            long rowsExpected,
            long bytesDone,
            long walBytes,
            double rowsPerSecond,
            Duration batchDuration,
            long batchRows,
            Optional<Duration> eta,
            double fraction,
            String phase,
            long runRowsDone)
            implements RunEvent {}

    /**
     * The next batch is held back.
     *
     * @param value of the signal, in the unit of {@link ThrottleSignal}
     * @param threshold from which the signal holds back, in the same unit
     * @param pause how long, unless the signal changes
     */
    record Throttled(ThrottleSignal signal, double value, double threshold, Duration pause) implements RunEvent {}

    /**
     * Something worth knowing.
     *
     * @param code stable, for programs
     * @param step its ordinal; 0 if it concerns the whole run
     */
    record Warning(String code, String message, int step, Map<String, String> metadata) implements RunEvent {}

    /** A step ended, for good. */
    record StepFinished(StepView step) implements RunEvent {}

    /**
     * Always the last event.
     *
     * @param debts what the run leaves for now and any server settles later
     */
    record Finished(
            Outcome outcome, Totals totals, List<TableTotals> tables, Optional<RunError> error, List<DebtView> debts)
            implements RunEvent {}

    /**
     * Totals of one policy on one table, partitions and follow-ups included.
     *
     * @param policy empty for follow-ups that serve several policies, and for work without a policy
     */
    record TableTotals(String policy, TableName table, Totals totals) {}
}
