package dev.caretaker.server.console.page;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One schedule.
 *
 * @param paused whether it is, by somebody
 * @param coming what would become of its next times
 * @param alone the target of which these times are told where there are many; empty: of all
 * @param asked whether its targets were asked for that
 * @param problem why that is not known, a sentence; empty if it is
 * @param fires what became of the latest
 */
public record ScheduleView(
        ScheduleLine line,
        boolean paused,
        List<ForecastFire> coming,
        String alone,
        boolean asked,
        String problem,
        List<Fire> fires) {
    private static final int STANDING_SHOWN = 100;

    public Schedule schedule() {
        return line.schedule();
    }

    /** Whether something is about to be decided, so that the page asks again. */
    public boolean isWaiting() {
        return fires.stream().anyMatch(fire -> fire.getOutcome() == FireOutcome.FIRE_OUTCOME_WAITING);
    }

    /** Whether a pause is there to be ended, be it its own. */
    public boolean mayResume() {
        return paused
                || schedule().getStandingList().stream()
                        .anyMatch(standing -> standing.hasPause() || standing.getFailures() > 0);
    }

    /** How it stands at its targets: those first where it has paused itself, then those where it failed most often in a row. */
    public List<ScheduleStanding> standing() {
        return worstFirst().limit(STANDING_SHOWN).toList();
    }

    private Stream<ScheduleStanding> worstFirst() {
        return schedule().getStandingList().stream()
                .sorted(Comparator.comparing(ScheduleStanding::hasPause)
                        .thenComparing(ScheduleStanding::getFailures)
                        .reversed()
                        .thenComparing(ScheduleStanding::getTarget));
    }

    /** How many targets are not listed, and at how many of these something is wrong: a sentence; empty if all are listed. */
    public String standingLeftOut() {
        long more = worstFirst().skip(STANDING_SHOWN).count();
        long bad = worstFirst()
                .skip(STANDING_SHOWN)
                .filter(standing -> standing.hasPause() || standing.getFailures() > 0)
                .count();
        if (more == 0) {
            return "";
        }
        return Show.count(more) + " more; "
                + (bad == 0
                        ? "it failed at none of them."
                        : "at " + Show.count(bad) + " of them it failed or paused itself.");
    }
}
