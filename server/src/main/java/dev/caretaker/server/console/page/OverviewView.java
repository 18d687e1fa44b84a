package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunSums;
import java.util.List;

/**
 * What the first page shows.
 *
 * @param targets the worst first
 * @param day what was done by the runs that ended in the last day, and by those that go on
 * @param open runs that have not ended, newest first
 * @param openLeftOut those that are not listed
 * @param ended runs that have within a day, those that went badly first
 * @param endedLeftOut those that are not listed
 * @param idle times of schedules in the last day at which nothing started, the latest first
 * @param coming what is due next
 * @param holds in force, one more than are listed if there are more
 * @param debts that are open, as many
 * @param looking targets that are being looked at for the first time
 */
public record OverviewView(
        List<TargetLine> targets,
        RunSums day,
        List<Run> open,
        long openLeftOut,
        List<Run> ended,
        long endedLeftOut,
        List<Fire> idle,
        List<Coming> coming,
        List<Hold> holds,
        List<Debt> debts,
        int looking) {
    /** So many that did not start are listed. */
    static final int IDLE_SHOWN = 8;

    static final int HOLDS_SHOWN = 12;
    static final int DEBTS_SHOWN = 20;
    /** The others are on pages of their own. */
    private static final int TARGETS_SHOWN = 100;

    /** Runs that have not ended. */
    public long atWork() {
        return open.size() + openLeftOut;
    }

    /** How the targets are, in a sentence. */
    public String sentence() {
        long bad = count("critical");
        long attention = count("attention");
        if (targets.isEmpty()) {
            return "No target is configured yet.";
        }
        if (looking == targets.size()) {
            return "Looking at " + Show.count(targets.size(), "target", "targets") + " …";
        }
        String rest = (looking == 0 ? "" : " " + looking + " still to be looked at.") + old();
        if (bad + attention == 0) {
            return (targets.size() == 1 ? "The target is well." : "All targets are well.") + rest;
        }
        String what = bad == 0
                ? Show.count(attention, "target needs attention", "targets need attention")
                : Show.count(bad, "target is critical", "targets are critical")
                        + (attention == 0 ? "" : ", " + attention + " need attention");
        return what + "." + rest;
    }

    /** What was seen long ago may be otherwise now. */
    private String old() {
        long old = targets.stream().filter(TargetLine::isOld).count();
        return old == 0 ? "" : " " + Show.count(old, "was", "were") + " last seen more than 5 minutes ago.";
    }

    public List<Fire> idleShown() {
        return first(idle, IDLE_SHOWN);
    }

    public boolean hasMoreIdle() {
        return idle.size() > IDLE_SHOWN;
    }

    public List<TargetLine> shown() {
        return first(targets, TARGETS_SHOWN);
    }

    /** Targets that are not listed. */
    public int leftOut() {
        return targets.size() - shown().size();
    }

    /** Address of the list that begins with those. */
    public String leftOutHref() {
        return Links.to("/targets", "sort", TargetsView.WORST, "from", Integer.toString(TARGETS_SHOWN));
    }

    public List<Hold> holdsShown() {
        return first(holds, HOLDS_SHOWN);
    }

    public boolean hasMoreHolds() {
        return holds.size() > HOLDS_SHOWN;
    }

    public List<Debt> debtsShown() {
        return first(debts, DEBTS_SHOWN);
    }

    public boolean hasMoreDebts() {
        return debts.size() > DEBTS_SHOWN;
    }

    private static <T> List<T> first(List<T> all, int most) {
        return all.subList(0, Math.min(all.size(), most));
    }

    private long count(String tone) {
        return targets.stream().filter(line -> line.tone().equals(tone)).count();
    }
}
