package dev.caretaker.server.schedule;

import dev.caretaker.server.run.Zone;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;
import java.util.Set;

/**
 * Days on which schedules that name it do not fire.
 *
 * @param zone in which a day begins and ends
 * @param dates single days
 * @param weekdays days of every week
 * @param yearly days of every year
 */
public record ExclusionCalendar(
        String name,
        String description,
        Zone zone,
        List<LocalDate> dates,
        Set<DayOfWeek> weekdays,
        List<MonthDay> yearly) {

    /** Whether an instant falls on a day that it excludes. Fails with UNKNOWN_ZONE. */
    public boolean excludes(Instant instant) {
        LocalDate day = instant.atZone(zone.id()).toLocalDate();
        return weekdays.contains(day.getDayOfWeek()) || dates.contains(day) || yearly.contains(MonthDay.from(day));
    }
}
