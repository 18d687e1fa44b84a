package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Course;
import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Report;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.StepProgress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A run, as far as it has come.
 *
 * @param progress of the step it is at, as told last
 * @param waiting why it waits between batches, a sentence; empty if it does not
 * @param course how it went over time
 * @param log what happened lately, for those who are not told as it happens
 * @param report what is told of it when it has ended
 */
public record RunView(
        Run run, Optional<StepProgress> progress, String waiting, Course course, RunLog log, Optional<Report> report) {
    /** More would make each message to those who watch large. */
    private static final int STEPS_SHOWN = 100;

    private static final int DONE = 3;

    static RunView of(Run run, Course course) {
        return new RunView(run, Optional.empty(), "", course, new RunLog(List.of()), Optional.empty());
    }

    static String title(Run run) {
        return Words.of(run.getKind()) + " of " + run.getTarget();
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
        return new RunView(latest, progress, waiting, course, log, report);
    }

    RunView with(StepProgress latest) {
        return new RunView(run, Optional.of(latest), "", course, log, report);
    }

    RunView waiting(String why) {
        return new RunView(run, progress, why, course, log, report);
    }

    RunView with(Course latest) {
        return new RunView(run, progress, waiting, latest, log, report);
    }

    RunView with(RunLog latest) {
        return new RunView(run, progress, waiting, course, latest, report);
    }

    RunView with(Report latest) {
        return new RunView(run, progress, waiting, course, log, Optional.of(latest));
    }

    /** Steps in order; of very many those that went badly, that are at work, that come next and that were done last. */
    public List<RunStep> steps() {
        return run.getStepsList().stream()
                .sorted(Comparator.comparingInt(RunView::rank)
                        .thenComparingInt(step -> rank(step) == DONE ? -step.getOrdinal() : step.getOrdinal()))
                .limit(STEPS_SHOWN)
                .sorted(Comparator.comparingInt(RunStep::getOrdinal))
                .toList();
    }

    /** How many steps are not listed, and how many of all are done. */
    public String stepsLeftOut() {
        long done = run.getStepsList().stream().filter(RunStep::hasEndTime).count();
        return Show.count(run.getStepsCount() - STEPS_SHOWN) + " more; " + Show.count(done) + " of "
                + Show.count(run.getStepsCount(), "step", "steps") + " are done.";
    }

    public boolean leavesOutSteps() {
        return run.getStepsCount() > STEPS_SHOWN;
    }

    private static int rank(RunStep step) {
        if (!step.hasEndTime()) {
            return step.getStarted() ? 1 : 2;
        }
        return Words.tone(step.getOutcome()).equals("critical") ? 0 : DONE;
    }
}
