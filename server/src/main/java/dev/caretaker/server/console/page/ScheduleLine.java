package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.ScheduleWords;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.SchedulePause;
import dev.caretaker.v1.ScheduleStanding;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A schedule as the list shows it.
 *
 * @param verdict how it stands, in a few words
 * @param why a sentence; may be empty
 * @param next its soonest time; empty if it is never due again
 * @param latest what became of its latest time; empty before the first
 */
public record ScheduleLine(
        Schedule schedule, String tone, String verdict, String why, Optional<Timestamp> next, Optional<Fire> latest) {

    static ScheduleLine of(Schedule schedule, Instant now) {
        Optional<Timestamp> next = schedule.getStandingList().stream()
                .filter(ScheduleStanding::hasNextTime)
                .map(ScheduleStanding::getNextTime)
                .min(Comparator.comparingLong(Timestamp::getSeconds));
        Optional<Fire> latest = schedule.getStandingList().stream()
                .filter(ScheduleStanding::hasLatest)
                .map(ScheduleStanding::getLatest)
                .max(Comparator.comparingLong(fire -> fire.getNominalTime().getSeconds()));
        Optional<ScheduleStanding> stopped = schedule.getStandingList().stream()
                .filter(standing -> standing.hasPause() && holds(standing.getPause(), now))
                .findFirst();
        Optional<ScheduleStanding> failing = schedule.getStandingList().stream()
                .filter(standing -> standing.getFailures() > 0)
                .max(Comparator.comparingInt(ScheduleStanding::getFailures));
        if (schedule.hasPause() && holds(schedule.getPause(), now)) {
            SchedulePause pause = schedule.getPause();
            return new ScheduleLine(schedule, "attention", "Paused", pause.getReason(), next, latest);
        }
        if (stopped.isPresent()) {
            return new ScheduleLine(
                    schedule,
                    "critical",
                    "Paused itself",
                    "At " + stopped.get().getTarget() + ": "
                            + stopped.get().getPause().getReason(),
                    next,
                    latest);
        }
        if (failing.isPresent()) {
            return new ScheduleLine(
                    schedule,
                    "critical",
                    "Fails",
                    Show.count(failing.get().getFailures(), "run", "runs") + " in a row at "
                            + failing.get().getTarget(),
                    next,
                    latest);
        }
        return latest.map(fire -> new ScheduleLine(
                        schedule, ScheduleWords.tone(fire), capital(ScheduleWords.of(fire)), "", next, latest))
                .orElseGet(() -> new ScheduleLine(schedule, "quiet", "Never due yet", "", next, latest));
    }

    static boolean holds(SchedulePause pause, Instant now) {
        return !pause.hasEndTime() || Moments.instant(pause.getEndTime()).isAfter(now);
    }

    private static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
