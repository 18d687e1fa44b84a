package dev.caretaker.server.console.page;

import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import java.util.Comparator;

/** Of a schedule with many targets one alone is asked what comes next: to ask all of a thousand takes too long for a page. */
final class OneOfMany {
    /** So many targets are all asked. */
    static final int FEW = 10;

    private OneOfMany() {}

    /** The one that is due first; empty where all are asked. */
    static String of(Schedule schedule) {
        return schedule.getStandingCount() <= FEW
                ? ""
                : schedule.getStandingList().stream()
                        .min(Comparator.comparingLong(OneOfMany::due))
                        .map(ScheduleStanding::getTarget)
                        .orElseThrow();
    }

    private static long due(ScheduleStanding standing) {
        return standing.hasNextTime() ? standing.getNextTime().getSeconds() : Long.MAX_VALUE;
    }
}
