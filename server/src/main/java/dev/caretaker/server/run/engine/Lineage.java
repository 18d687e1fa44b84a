package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.target.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notices that a run's target was failed over: commits that had not reached the new primary are not there. What the run has
 * counted before is marked as inexact then, and whoever watches is told. Used by the run's own thread.
 */
final class Lineage {
    private static final String CODE = "COMMITS_LOST";

    private final RunSteps steps;
    private final Lease lease;
    private Optional<String> seen = Optional.empty();

    Lineage(RunSteps steps, Lease lease) {
        this.steps = steps;
        this.lease = lease;
    }

    /**
     * Looks at where a step is about to work.
     *
     * @return whether it has counted rows elsewhere before: it has to start over, because they may be back
     */
    boolean changedUnder(StepJournal step, Session session) {
        String now = session.identity().lineage();
        if (!seen.equals(Optional.of(now))) {
            if (steps.anyEnded()) {
                doubtEnded(now);
            }
            seen = Optional.of(now);
        }
        Optional<String> before = step.lineage();
        step.worksOn(now);
        if (before.isEmpty() || before.get().equals(now) || step.totals().rowsDeleted() == 0) {
            return false;
        }
        step.inexact();
        warn(
                step.ordinal(),
                "The target was failed over (from " + timeline(before.get()) + " to " + timeline(now)
                        + "): the latest of the "
                        + Amounts.count(step.totals().rowsDeleted(), "row", "rows")
                        + " counted so far may be back. The step starts over to remove"
                        + " them, and may count them twice.",
                step.totals().rowsDeleted());
        return true;
    }

    private void doubtEnded(String now) {
        List<Integer> doubted = lease.doubtSteps(now);
        for (int ordinal : doubted) {
            steps.refresh(ordinal);
            long rows = steps.get(ordinal).totals().rowsDeleted();
            warn(
                    ordinal,
                    "The target was failed over to " + timeline(now) + " after this step had ended: the latest of its "
                            + Amounts.count(rows, "row", "rows") + " may be back. Plan the policy again.",
                    rows);
        }
    }

    private void warn(int ordinal, String message, long rows) {
        lease.event(new RunEvent.Warning(CODE, message, ordinal, Map.of("rows", Long.toString(rows))));
    }

    private static String timeline(String lineage) {
        return "timeline " + lineage.substring(lineage.indexOf('/') + 1);
    }
}
