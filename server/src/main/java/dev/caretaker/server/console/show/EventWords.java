package dev.caretaker.server.console.show;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStateChanged;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunThrottled;
import dev.caretaker.v1.StepProgress;

/** Events of a run as sentences. */
public final class EventWords {
    private EventWords() {}

    /** Whether the list of what happened has it: progress is shown by bars, waits between batches beside them. */
    public static boolean isWorthALine(RunEvent event) {
        return switch (event.getEventCase()) {
            case PROGRESS, THROTTLED, HEARTBEAT, EVENT_NOT_SET -> false;
            case STATE_CHANGED -> event.getStateChanged().hasActor() || !isWait(event.getStateChanged());
            default -> true;
        };
    }

    /** A run that gives way, or does no longer, does so every other second. */
    private static boolean isWait(RunStateChanged changed) {
        return changed.getTo() == RunState.RUN_STATE_THROTTLED
                || changed.getFrom() == RunState.RUN_STATE_THROTTLED && changed.getTo() == RunState.RUN_STATE_RUNNING;
    }

    public static String of(RunEvent event) {
        return switch (event.getEventCase()) {
            case ACCEPTED -> "Accepted, with " + Show.count(event.getAccepted().getStepsCount(), "step", "steps") + ".";
            case STATE_CHANGED -> changed(event.getStateChanged());
            case STEP_STARTED ->
                step(event.getStepStarted().getStep())
                        + (event.getStepStarted().getResumed() ? " goes on from where it stood." : " begins.");
            case PROGRESS -> progress(event.getProgress());
            case THROTTLED -> waits(event.getThrottled());
            case WARNING -> event.getWarning().getMessage();
            case STEP_FINISHED -> finished(event.getStepFinished().getStep());
            case FINISHED -> "Ended: " + Words.of(event.getFinished().getOutcome()) + ".";
            case HEARTBEAT, EVENT_NOT_SET -> "";
        };
    }

    public static String tone(RunEvent event) {
        return switch (event.getEventCase()) {
            case WARNING -> event.getWarning().getNote() ? "quiet" : "attention";
            case STEP_FINISHED -> Words.tone(event.getStepFinished().getStep().getOutcome());
            case FINISHED -> Words.tone(event.getFinished().getOutcome());
            default -> "quiet";
        };
    }

    private static String step(RunStep step) {
        return "Step " + step.getOrdinal() + " (" + step.getKind() + " on " + Figures.table(step.getRelation()) + ")";
    }

    private static String changed(RunStateChanged changed) {
        String who = changed.hasActor() ? ", asked by " + changed.getActor().getName() : "";
        String why = changed.getReason().isEmpty() ? "" : ": " + Words.reason(changed.getReason());
        return "Now " + Words.of(changed.getTo()) + who + why + (why.endsWith(".") ? "" : ".");
    }

    private static String finished(RunStep step) {
        String rows = step.getTotals().getRowsDeleted() > 0
                ? ", " + Show.count(step.getTotals().getRowsDeleted(), "row", "rows") + " removed"
                : "";
        String message = step.getMessage().isEmpty() ? "" : " " + step.getMessage();
        return step(step) + " ended: " + Words.of(step.getOutcome()) + rows + "." + message;
    }

    private static String progress(StepProgress progress) {
        return Show.count(progress.getRowsDone(), "row", "rows") + " so far.";
    }

    private static String waits(RunThrottled throttled) {
        String value = switch (throttled.getSignal()) {
            case THROTTLE_SIGNAL_REPLICATION_LAG ->
                ": " + Show.bytes((long) throttled.getValue()) + ", more than "
                        + Show.bytes((long) throttled.getThreshold());
            case THROTTLE_SIGNAL_WAL_BUDGET ->
                ": " + Show.bytes((long) throttled.getValue()) + " a second, more than "
                        + Show.bytes((long) throttled.getThreshold());
            case THROTTLE_SIGNAL_ROWS_PER_SECOND -> ": " + Show.figure(throttled.getThreshold()) + " rows a second";
            case THROTTLE_SIGNAL_COMMIT_TIME ->
                ": " + Show.figure(throttled.getValue()) + " ms, more than " + Show.figure(throttled.getThreshold())
                        + " ms";
            case THROTTLE_SIGNAL_OTHERS_AT_WORK ->
                ": " + Show.figure(throttled.getValue()) + " transactions a second that write";
            case THROTTLE_SIGNAL_LOCK_WAITERS, THROTTLE_SIGNAL_LOG_WAITERS -> ": " + Show.figure(throttled.getValue());
            case THROTTLE_SIGNAL_PAUSE_RATIO, THROTTLE_SIGNAL_UNSPECIFIED, UNRECOGNIZED -> "";
        };
        return "Gives way to " + Words.of(throttled.getSignal()) + value + ".";
    }
}
