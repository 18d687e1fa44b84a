package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunStep;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Steps of a run that are listed: all, or of very many those that are at work, that went badly, that come next and that were done last.
 *
 * @param shown in their order
 * @param all how many the run has
 * @param done how many of all have ended
 */
public record RunSteps(List<RunStep> shown, int all, long done) {
    /** More would make each message to those who watch large. */
    static final int MOST = 100;
    /** Were they more, nothing else would be seen of a run of which much has failed. */
    static final int MOST_FAILED = 50;

    static RunSteps of(Run run) {
        List<RunStep> steps = run.getStepsList();
        List<RunStep> failed = steps.stream().filter(RunSteps::hasFailed).toList();
        List<RunStep> shown = Stream.of(
                        steps.stream().filter(step -> step.getStarted() && !step.hasEndTime()),
                        failed.stream().limit(MOST_FAILED),
                        steps.stream().filter(step -> !step.getStarted() && !step.hasEndTime()),
                        steps.reversed().stream().filter(step -> step.hasEndTime() && !hasFailed(step)),
                        failed.stream().skip(MOST_FAILED))
                .flatMap(some -> some)
                .limit(MOST)
                .sorted(Comparator.comparingInt(RunStep::getOrdinal))
                .toList();
        return new RunSteps(
                shown, steps.size(), steps.stream().filter(RunStep::hasEndTime).count());
    }

    private static boolean hasFailed(RunStep step) {
        return step.hasEndTime() && Words.tone(step.getOutcome()).equals("critical");
    }

    /** How many are not listed, and how many of all are done: a sentence; empty if all are listed. */
    public String leftOut() {
        return all == shown.size()
                ? ""
                : Show.count(all - shown.size()) + " more; " + Show.count(done) + " of "
                        + Show.count(all, "step", "steps") + " are done.";
    }
}
