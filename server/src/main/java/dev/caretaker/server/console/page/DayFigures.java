package dev.caretaker.server.console.page;

import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.util.List;

/**
 * What was done in a day, by the runs that were accepted in it.
 *
 * @param runs that have ended
 * @param failed of these
 * @param rows removed
 * @param rowsExact whether none of that is an estimate
 * @param bytesReturned to the file system
 */
public record DayFigures(long runs, long failed, long rows, boolean rowsExact, long bytesReturned) {

    static DayFigures of(List<Run> runs) {
        List<Run> ended = runs.stream()
                .filter(run -> run.getState() == RunState.RUN_STATE_ENDED)
                .toList();
        // A routine's sums are those of the runs that it started.
        List<Run> own = runs.stream()
                .filter(run -> run.getKind() != RunKind.RUN_KIND_ROUTINE)
                .toList();
        return new DayFigures(
                ended.size(),
                ended.stream()
                        .filter(run -> run.getOutcome() == RunOutcome.RUN_OUTCOME_FAILED)
                        .count(),
                own.stream().mapToLong(run -> run.getTotals().getRowsDeleted()).sum(),
                own.stream()
                        .allMatch(run -> run.getTotals().getRowsExact()
                                || run.getTotals().getRowsDeleted() == 0),
                own.stream()
                        .mapToLong(run -> run.getTotals().getBytesReturned())
                        .sum());
    }
}
