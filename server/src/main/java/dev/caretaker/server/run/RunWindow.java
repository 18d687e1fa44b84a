package dev.caretaker.server.run;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A daily window, such as 22:00 to 05:00 in Europe/Berlin.
 *
 * @param start local time it opens
 * @param end local time it closes; if not after {@code start}, on the next day
 * @param zone zone of both
 */
public record RunWindow(LocalTime start, LocalTime end, ZoneId zone) {

    public boolean isOpen(Instant now) {
        LocalTime time = now.atZone(zone).toLocalTime();
        boolean afterStart = !time.isBefore(start);
        boolean beforeEnd = time.isBefore(end);
        return start.isBefore(end) ? afterStart && beforeEnd : afterStart || beforeEnd;
    }

    /** When it opens next; {@code now} itself if it is open. */
    public Instant nextOpening(Instant now) {
        if (isOpen(now)) {
            return now;
        }
        ZonedDateTime today = now.atZone(zone).with(start);
        ZonedDateTime next = today.toInstant().isAfter(now) ? today : today.plusDays(1);
        return next.toInstant();
    }
}
