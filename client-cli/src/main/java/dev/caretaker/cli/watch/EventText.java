package dev.caretaker.cli.watch;

import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.error.ServerWords;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunStateChanged;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunThrottled;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.RunWarning;
import dev.caretaker.v1.StepProgress;
import java.util.ArrayList;
import java.util.List;

/** Sentences about events, the same for terminals and logs. */
final class EventText {
    /** Less is shown as nothing. */
    private static final int HALF_A_MILLISECOND = 500_000;

    private EventText() {}

    static String state(RunStateChanged change) {
        String actor = Names.actor(change.getActor());
        return Names.state(change.getTo())
                + (actor.isEmpty() ? "" : " by " + actor)
                + (change.getReason().isEmpty() ? "" : ": " + change.getReason());
    }

    static String step(RunStep step) {
        return step.getKind() + " " + Names.table(step.getRelation());
    }

    /** Most important first. */
    static List<String> figures(StepProgress progress) {
        List<String> figures = new ArrayList<>();
        if (progress.getRowsExpected() > 0) {
            figures.add(Human.count(progress.getRowsDone()) + "/" + Human.rows(progress.getRowsExpected()));
        } else if (progress.getRowsDone() > 0) {
            figures.add(Human.rows(progress.getRowsDone()));
        }
        if (progress.hasEta()) {
            figures.add("ETA " + Human.duration(progress.getEta()));
        }
        if (progress.getRowsPerSecond() > 0) {
            figures.add(Human.count(Math.round(progress.getRowsPerSecond())) + " rows/s");
        }
        if (progress.hasBatchDuration()) {
            figures.add("batch " + Human.duration(progress.getBatchDuration()));
        }
        if (!progress.getPhase().isEmpty()) {
            figures.add(progress.getPhase());
        }
        return figures;
    }

    static String throttled(RunThrottled throttled) {
        double value = throttled.getValue();
        double limit = throttled.getThreshold();
        String why = switch (throttled.getSignal()) {
            case THROTTLE_SIGNAL_PAUSE_RATIO -> "pause of " + Human.decimal(limit) + " times the batch";
            case THROTTLE_SIGNAL_ROWS_PER_SECOND ->
                over("", Human.count(Math.round(value)) + " rows/s", Human.count(Math.round(limit)) + " rows/s");
            case THROTTLE_SIGNAL_REPLICATION_LAG ->
                over("replication lag ", Human.bytes(Math.round(value)), Human.bytes(Math.round(limit)));
            case THROTTLE_SIGNAL_WAL_BUDGET ->
                over("WAL ", Human.bytes(Math.round(value)), Human.bytes(Math.round(limit)) + "/s");
            case THROTTLE_SIGNAL_LOCK_WAITERS ->
                over("sessions waiting for our locks: ", Human.decimal(value), Human.decimal(limit));
            case THROTTLE_SIGNAL_OTHERS_AT_WORK ->
                "others at work" + (value < limit ? "" : ": " + Human.count(Math.round(value)) + " transactions/s");
            case THROTTLE_SIGNAL_LOG_WAITERS ->
                over("sessions waiting for the log: ", Human.decimal(value), Human.decimal(limit));
            case THROTTLE_SIGNAL_COMMIT_TIME ->
                over("our commits take ", Human.decimal(value) + " ms", Human.decimal(limit) + " ms");
            case THROTTLE_SIGNAL_UNSPECIFIED, UNRECOGNIZED -> over("", Human.decimal(value), Human.decimal(limit));
        };
        boolean waits =
                throttled.getWait().getSeconds() > 0 || throttled.getWait().getNanos() >= HALF_A_MILLISECOND;
        return (waits ? "waits " + Human.duration(throttled.getWait()) : "goes slowly") + ": " + why;
    }

    private static String over(String what, String value, String limit) {
        return what + value + ", limit " + limit;
    }

    static String warning(RunWarning warning, CommandNames names) {
        return (warning.getNote() ? "note: " : "warning: ")
                + ServerWords.of(warning.getMessage(), names)
                + (warning.getCode().isEmpty() ? "" : " [" + warning.getCode() + "]");
    }

    /** "complete, 120,000 rows deleted, 3 pinned in 12 s: message". */
    static String finished(RunStep step) {
        RunTotals totals = step.getTotals();
        StringBuilder text = new StringBuilder(Names.words(step.getOutcome(), "RUN_OUTCOME_"));
        if (RestoreSummary.isOne(totals)) {
            text.append(", ").append(RestoreSummary.rows(totals));
        } else if (step.getRowsExpected() > 0 && !RestoreSummary.isStep(step) || totals.getRowsDeleted() > 0) {
            text.append(", ")
                    .append(Human.rows(totals.getRowsDeleted(), totals.getRowsExact()))
                    .append(" deleted");
        }
        if (totals.getRowsPinned() > 0) {
            text.append(", ").append(Human.count(totals.getRowsPinned())).append(" pinned");
        }
        if (totals.getRowsResidual() > 0) {
            text.append(", ").append(Human.count(totals.getRowsResidual())).append(" left");
        }
        if (step.hasStartTime() && step.hasEndTime()) {
            text.append(" in ").append(Human.duration(Durations.between(step.getStartTime(), step.getEndTime())));
        }
        return text.append(step.getMessage().isEmpty() ? "" : ": " + step.getMessage())
                .toString();
    }
}
