package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Course;
import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.Report;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.StepProgress;
import java.util.Optional;

/**
 * A run, as far as it has come.
 *
 * @param steps those of them that are listed
 * @param progress of the step it is at, as told last
 * @param waiting why it waits between batches, a sentence; empty if it does not
 * @param course how it went over time
 * @param log what happened lately, where it was asked for by those who are not told as it happens
 * @param asks whether forms are shown to those who are not told as it happens
 * @param report what is told of it when it has ended
 */
public record RunView(
        Run run,
        RunSteps steps,
        Optional<StepProgress> progress,
        String waiting,
        Course course,
        RunLog log,
        boolean asks,
        Optional<Report> report) {

    static RunView of(Run run, Course course) {
        return new RunView(run, RunSteps.of(run), Optional.empty(), "", course, RunLog.NONE, false, Optional.empty());
    }

    /** What it is, and of which target. */
    public String title() {
        return title(run);
    }

    static String title(Run run) {
        return Words.of(run.getKind()) + " of " + run.getTarget();
    }

    /** Address of the page with forms, which is not asked for again by itself. */
    public String asking() {
        return Links.to("/runs/" + run.getRunId(), "act", "1");
    }

    /** Address of the page with what happened lately. */
    public String reading() {
        return Links.to("/runs/" + run.getRunId(), "act", asks ? "1" : "", "log", "1");
    }

    public boolean isEnded() {
        return Words.isEnded(run);
    }

    public boolean isPaused() {
        return run.getState() == RunState.RUN_STATE_PAUSED;
    }

    /** Why it is in its state, with the figures of what it waits for if they are known. */
    public String standsBecause() {
        String reason = Words.reason(run.getStateReason());
        String beginning = reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
        return !reason.isEmpty() && waiting.startsWith(beginning) ? waiting : reason;
    }

    public boolean mayPause() {
        return switch (run.getState()) {
            case RUN_STATE_PAUSED, RUN_STATE_CANCELLING, RUN_STATE_ENDED -> false;
            default -> true;
        };
    }

    public boolean mayCancel() {
        return run.getState() != RunState.RUN_STATE_CANCELLING && !isEnded();
    }

    /** What may be asked of it: when this changes, the forms do. */
    String actions() {
        return run.getState() == RunState.RUN_STATE_ENDED ? "none" : mayPause() + " " + isPaused() + " " + mayCancel();
    }

    /** Rows removed so far: the sums of steps that have ended, and what the latest progress told. */
    public long rows() {
        long told = progress.map(StepProgress::getRunRowsDone).orElse(0L);
        return isEnded()
                ? run.getTotals().getRowsDeleted()
                : Math.max(told, run.getTotals().getRowsDeleted());
    }

    /** How much of a step is done, 0 to 1. */
    public double share(int ordinal) {
        var step = run.getSteps(ordinal - 1);
        if (step.hasEndTime()) {
            return 1;
        }
        double told = progress.filter(now -> now.getStep() == ordinal)
                .map(StepProgress::getFraction)
                .orElse(0.0);
        double rows = step.getStarted() && step.getRowsExpected() > 0
                ? Math.min(1, rows(ordinal) / (double) step.getRowsExpected())
                : 0;
        // A pass over a table begins anew where rows were left: then the rows tell more.
        return Math.max(told, rows);
    }

    /** Of a step the rows so far. */
    public long rows(int ordinal) {
        long done = run.getSteps(ordinal - 1).getTotals().getRowsDeleted();
        return progress.filter(now -> now.getStep() == ordinal)
                .map(now -> Math.max(done, now.getRowsDone()))
                .orElse(done);
    }

    RunView with(Run latest) {
        return new RunView(latest, RunSteps.of(latest), progress, waiting, course, log, asks, report);
    }

    RunView with(StepProgress latest) {
        return new RunView(run, steps, Optional.of(latest), "", course, log, asks, report);
    }

    RunView waiting(String why) {
        return new RunView(run, steps, progress, why, course, log, asks, report);
    }

    RunView with(Course latest) {
        return new RunView(run, steps, progress, waiting, latest, log, asks, report);
    }

    RunView with(RunLog latest) {
        return new RunView(run, steps, progress, waiting, course, latest, asks, report);
    }

    RunView with(boolean forms) {
        return new RunView(run, steps, progress, waiting, course, log, forms, report);
    }

    RunView with(Report latest) {
        return new RunView(run, steps, progress, waiting, course, log, asks, Optional.of(latest));
    }
}
