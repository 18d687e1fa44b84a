package dev.caretaker.server.schedule;

import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.Zone;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.SchedulePause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What keeps a schedule from firing at a target: pauses, holds, calendars and its window.
 *
 * @param pauses of the schedule and of its line
 * @param calendars those that it names
 * @param holds those in force that freeze its work
 * @param zones of the schedule and of those calendars
 */
public record Gate(
        List<SchedulePause> pauses,
        List<HoldRow> holds,
        List<ExclusionCalendar> calendars,
        Optional<RunWindow> window,
        List<Zone> zones) {

    /**
     * Something in the way.
     *
     * @param reason stable name; empty if the outcome says all
     * @param message the same as a sentence
     */
    public record Barrier(FireOutcome outcome, String reason, String message) {
        public Barrier(FireOutcome outcome, String message) {
            this(outcome, "", message);
        }
    }

    /** That this server does not know a time zone by which the schedule goes: it can not say when it is due, or whether it may start. */
    public Optional<Barrier> unknownZone() {
        return zones.stream()
                .filter(zone -> !zone.isKnown())
                .findFirst()
                .map(zone -> new Barrier(FireOutcome.REFUSED, Reason.UNKNOWN_ZONE.name(), zone.unknown()));
    }

    /**
     * What stands in the way of a schedule at a target.
     *
     * @param goesOn whether its work makes partitions or only reports, which holds that do not name it let pass
     */
    static Gate of(
            StoredSchedule stored,
            ScheduleLine line,
            boolean goesOn,
            List<HoldRow> inForce,
            List<ExclusionCalendar> calendars) {
        Schedule schedule = stored.schedule();
        List<ExclusionCalendar> named = calendars.stream()
                .filter(calendar -> schedule.calendars().contains(calendar.name()))
                .toList();
        return new Gate(
                Stream.concat(stored.pause().stream(), line.pause().stream()).toList(),
                inForce.stream()
                        .filter(hold ->
                                hold.covers(line.target(), schedule.action().kind()))
                        .filter(hold -> !goesOn || hold.names(schedule.action().kind()))
                        .toList(),
                named,
                schedule.window(),
                Stream.concat(schedule.zones(), named.stream().map(ExclusionCalendar::zone))
                        .toList());
    }

    /** The first thing in the way of a nominal time that would be started at an instant; empty if nothing is. */
    public Optional<Barrier> at(Instant nominal, Instant start) {
        return paused(start)
                .or(() -> held(start))
                .or(this::unknownZone)
                .or(() -> excluded(nominal))
                .or(() -> closed(start));
    }

    /** The same for somebody who asks for it out of turn: pauses do not count. */
    public Optional<Barrier> outOfTurn(Instant start, boolean ignoreWindow) {
        return ignoreWindow
                ? held(start)
                : held(start).or(this::unknownZone).or(() -> excluded(start)).or(() -> closed(start));
    }

    private Optional<Barrier> paused(Instant at) {
        return pauses.stream()
                .filter(pause -> pause.covers(at))
                .findFirst()
                .map(pause -> new Barrier(
                        FireOutcome.SKIPPED_PAUSED,
                        "Paused by " + pause.actor().name()
                                + pause.until()
                                        .map(end -> " until " + Moments.second(end))
                                        .orElse("")
                                + (pause.reason().isEmpty() ? "." : ": " + pause.reason())));
    }

    private Optional<Barrier> held(Instant at) {
        return holds.stream()
                .filter(hold -> !at.isBefore(hold.since())
                        && hold.until().filter(end -> !at.isBefore(end)).isEmpty())
                .findFirst()
                .map(hold -> new Barrier(FireOutcome.SKIPPED_HOLD, hold.sentence()));
    }

    private Optional<Barrier> excluded(Instant nominal) {
        return calendars.stream()
                .filter(calendar -> calendar.excludes(nominal))
                .findFirst()
                .map(calendar -> new Barrier(
                        FireOutcome.SKIPPED_CALENDAR, "Calendar " + calendar.name() + " excludes the day."));
    }

    private Optional<Barrier> closed(Instant at) {
        return window.filter(open -> !open.isOpen(at))
                .map(open -> new Barrier(
                        FireOutcome.SKIPPED_WINDOW,
                        "It starts only within " + open.start() + "-" + open.end() + " " + open.zone()
                                + ", and that is closed until " + open.nextOpening(at) + "."));
    }
}
