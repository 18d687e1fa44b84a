package dev.caretaker.cli.watch;

import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.DesiredState;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.Tuning;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Where a run stands: what was asked, what is, who and why, and every step. */
public final class RunView {
    private RunView() {}

    public static void show(Run run, Clock clock, CommandNames names, Page page) {
        page.pair("run", run.getRunId(), Style.BOLD);
        page.pair("what", Names.words(run.getKind(), "RUN_KIND_") + " of " + run.getTarget());
        page.pair("state", state(run), RunSummary.style(run.getOutcome()));
        page.pair("asked for", asked(run));
        page.pair("plan", run.getPlanId());
        page.pair("part of", run.getParentRunId());
        page.pair("started by", Names.actor(run.getCreatedBy()));
        page.pair("accepted", Human.instant(run.getCreateTime()));
        page.pair("began", run.hasStartTime() ? Human.instant(run.getStartTime()) : "");
        page.pair("ended", run.hasEndTime() ? Human.instant(run.getEndTime()) : "");
        page.pair("lasted", lasted(run, clock));
        page.pair("deadline", deadline(run));
        page.pair("server", run.getServer());
        page.pair("starts", run.getEpoch() > 1 ? Long.toString(run.getEpoch()) : "");
        page.pair("settings", tuning(run.getTuning()));
        if (run.getStepsCount() > 0) {
            page.heading("Steps");
            boolean figures = run.getStepsList().stream().anyMatch(step -> !Names.isDatabase(step.getRelation()));
            page.table(figures ? steps(run) : jobs(run), "  ");
            messages(run, page);
        }
        if (run.getTablesCount() > 0 && run.getTablesCount() < run.getStepsCount()) {
            page.heading("Totals");
            page.table(
                    RestoreSummary.isOne(run.getTotals())
                            ? RestoreSummary.tables(run.getTablesList(), run.getTotals())
                            : RunSummary.tables(run.getTablesList(), run.getTotals()),
                    "  ");
        }
        if (run.getTotals().getArchivedCount() > 0) {
            page.heading("Kept");
            RunSummary.archived(run.getTotals(), page);
        }
        if (run.hasObservation() && run.hasEndTime()) {
            ObservationView.show(run.getObservation(), page);
        }
        if (run.getDebtsCount() > 0) {
            page.heading("Debts");
            DebtLines.show(run.getDebtsList(), page);
        }
        if (run.hasError()) {
            page.blank();
            RunSummary.error(run.getError(), names, page);
        }
    }

    private static String state(Run run) {
        return Names.standing(run) + (run.getStateReason().isEmpty() ? "" : ": " + run.getStateReason());
    }

    private static String asked(Run run) {
        if (!run.hasLastRequest() && run.getDesiredState() == DesiredState.DESIRED_STATE_RUNNING) {
            return "";
        }
        String actor = Names.actor(run.getLastRequest().getActor());
        String reason = run.getLastRequest().getReason();
        String time = run.getLastRequest().hasTime()
                ? " at " + Human.instant(run.getLastRequest().getTime())
                : "";
        return Names.words(run.getDesiredState(), "DESIRED_STATE_")
                + (actor.isEmpty() ? "" : " by " + actor)
                + time
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    /** Time from its first work to its end, or until now; empty if it has not begun. */
    public static String lasted(Run run, Clock clock) {
        if (!run.hasStartTime()) {
            return "";
        }
        if (run.hasEndTime()) {
            return Human.duration(Durations.between(run.getStartTime(), run.getEndTime()));
        }
        Instant start = Instant.ofEpochSecond(run.getStartTime().getSeconds());
        return Human.duration(Duration.between(start, clock.instant()).truncatedTo(ChronoUnit.SECONDS));
    }

    private static String deadline(Run run) {
        if (run.hasTimeLeft()) {
            return Human.duration(run.getTimeLeft()) + " of work";
        }
        return run.hasDeadline() ? Human.instant(run.getDeadline()) : "";
    }

    private static String tuning(Tuning tuning) {
        List<String> settings = new ArrayList<>();
        if (tuning.getPace() != Pace.PACE_UNSPECIFIED) {
            settings.add("pace " + Names.words(tuning.getPace(), "PACE_"));
        }
        if (tuning.hasBatchTarget()) {
            settings.add("batches of " + Human.duration(tuning.getBatchTarget()));
        }
        if (tuning.getMaxRowsPerSecond() > 0) {
            settings.add("at most " + Human.count(tuning.getMaxRowsPerSecond()) + " rows/s");
        }
        if (tuning.getPauseRatio() > 0) {
            settings.add("pause " + Human.decimal(tuning.getPauseRatio()) + " times the batch");
        }
        if (tuning.getMaxReplicationLagBytes() > 0) {
            settings.add("lag up to " + Human.bytes(tuning.getMaxReplicationLagBytes()));
        }
        if (tuning.getMaxWalBytesPerSecond() > 0) {
            settings.add("WAL up to " + Human.bytes(tuning.getMaxWalBytesPerSecond()) + "/s");
        }
        if (tuning.getMaxLockWaiters() > 0) {
            int waiters = tuning.getMaxLockWaiters();
            settings.add("backs off from " + Human.count(waiters) + (waiters == 1 ? " lock waiter" : " lock waiters"));
        }
        return String.join(", ", settings);
    }

    private static Table steps(Run run) {
        boolean restores = run.getKind() == RunKind.RUN_KIND_RESTORE;
        Table table = new Table(
                ">#",
                "KIND",
                "RELATION",
                "POLICY",
                "STATE",
                restores ? ">RESTORED" : ">DELETED",
                "?>EXPECTED",
                restores ? ">LEFT OUT" : ">CASCADED",
                ">PINNED",
                ">RESIDUAL",
                "?>REUSABLE",
                "?>TO DISK",
                "?>WAL",
                "?>BATCHES",
                ">RETRIES",
                ">WORKED");
        for (RunStep step : run.getStepsList()) {
            RunTotals totals = step.getTotals();
            table.row(
                    step.getOrdinal(),
                    step.getKind(),
                    Names.table(step.getRelation()),
                    step.getPolicy(),
                    new Table.Cell(state(run, step), RunSummary.style(step.getOutcome())),
                    step.getStarted()
                            ? Human.count(totals.getRowsDeleted() + totals.getRowsRestored(), totals.getRowsExact())
                            : "",
                    step.getRowsExpected() == 0 ? "" : Human.count(step.getRowsExpected()),
                    RunSummary.some(totals.getRowsCascaded() + totals.getRowsLeftOut()),
                    RunSummary.some(totals.getRowsPinned()),
                    RunSummary.some(totals.getRowsResidual()),
                    Human.bytes(totals.getBytesReusable()),
                    Human.bytes(totals.getBytesReturned()),
                    Human.bytes(totals.getWalBytes()),
                    Human.count(totals.getBatches()),
                    RunSummary.some(totals.getRetries()),
                    Human.duration(totals.getBusy()));
        }
        return table;
    }

    /** Steps that work on no table by itself, such as those of a backup: their messages tell what they did. */
    private static Table jobs(Run run) {
        Table table = new Table(">#", "KIND", "RELATION", "STATE", ">RETRIES", ">WORKED");
        for (RunStep step : run.getStepsList()) {
            table.row(
                    step.getOrdinal(),
                    step.getKind(),
                    Names.table(step.getRelation()),
                    new Table.Cell(state(run, step), RunSummary.style(step.getOutcome())),
                    RunSummary.some(step.getTotals().getRetries()),
                    Human.duration(step.getTotals().getBusy()));
        }
        return table;
    }

    private static String state(Run run, RunStep step) {
        if (step.getOutcome() != RunOutcome.RUN_OUTCOME_UNSPECIFIED) {
            return Names.words(step.getOutcome(), "RUN_OUTCOME_");
        }
        boolean ended = run.getState() == RunState.RUN_STATE_ENDED;
        return step.getStarted() ? (ended ? "stopped" : "under way") : ended ? "not begun" : "to come";
    }

    private static void messages(Run run, Page page) {
        for (RunStep step : run.getStepsList()) {
            if (!step.getMessage().isEmpty()) {
                page.paragraph("  ", Style.PLAIN, step.getOrdinal() + ". " + step.getMessage());
            }
            HeldBack.show(step.getTotals().getPinnedSamplesList(), "     ", page);
        }
    }
}
