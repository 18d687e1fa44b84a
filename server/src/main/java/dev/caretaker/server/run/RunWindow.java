package dev.caretaker.server.run;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A daily window, such as 22:00 to 05:00 in Europe/Berlin. When clocks are turned back, the earlier of two instants with the
 * same local time counts; a local time that is skipped when they are turned forward is the instant of the change. So a
 * window opens and closes once a day, and one that lies wholly in skipped time does not open that day.
 *
 * @param start local time it opens
 * @param end local time it closes; if not after {@code start}, on the next day
 * @param zone zone of both
 */
public record RunWindow(LocalTime start, LocalTime end, Zone zone) {
    /** Days looked ahead; a window may be skipped on one of them. */
    private static final int HORIZON = 3;

    public RunWindow(LocalTime start, LocalTime end, ZoneId zone) {
        this(start, end, Zone.of(zone));
    }

    /** Fails with UNKNOWN_ZONE, as all that is said of instants. */
    public boolean isOpen(Instant now) {
        return around(now).anyMatch(day -> day.contains(now));
    }

    /** When it opens next; {@code now} itself if it is open. */
    public Instant nextOpening(Instant now) {
        if (isOpen(now)) {
            return now;
        }
        return around(now)
                .filter(day -> day.opens().isAfter(now) && day.opens().isBefore(day.closes()))
                .map(Day::opens)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Until when, as a clause: {@code its window 22:00-05:00 Europe/Berlin is closed until 2026-05-02T20:00:00Z}. */
    public String closedUntil(Instant now) {
        return "its window " + start + "-" + end + " " + zone + " is closed until " + nextOpening(now);
    }

    private Stream<Day> around(Instant now) {
        LocalDate today = now.atZone(zone.id()).toLocalDate();
        return Stream.iterate(today.minusDays(1), date -> date.plusDays(1))
                .limit(HORIZON + 1)
                .map(this::on);
    }

    private Day on(LocalDate date) {
        LocalDate last = end.isAfter(start) ? date : date.plusDays(1);
        return new Day(instant(date.atTime(start)), instant(last.atTime(end)));
    }

    private Instant instant(LocalDateTime local) {
        ZoneId id = zone.id();
        ZoneOffsetTransition change = id.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(id).withEarlierOffsetAtOverlap().toInstant();
    }

    private record Day(Instant opens, Instant closes) {
        boolean contains(Instant now) {
            return !now.isBefore(opens) && now.isBefore(closes);
        }
    }
}
