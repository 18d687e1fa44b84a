package dev.caretaker.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.Zone;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExclusionCalendarTest {
    private static final LocalDate CHRISTMAS = LocalDate.of(2026, 12, 25);

    private static ExclusionCalendar calendar(
            String zone, List<LocalDate> dates, Set<DayOfWeek> weekdays, List<MonthDay> yearly) {
        return new ExclusionCalendar("off", "", new Zone(zone), dates, weekdays, yearly);
    }

    private static boolean excludes(ExclusionCalendar calendar, String instant) {
        return calendar.excludes(Instant.parse(instant));
    }

    @Test
    void a_date_is_that_day_of_that_year_from_midnight_to_midnight() {
        ExclusionCalendar calendar = calendar("UTC", List.of(CHRISTMAS), Set.of(), List.of());
        assertThat(excludes(calendar, "2026-12-24T23:59:59.999Z")).isFalse();
        assertThat(excludes(calendar, "2026-12-25T00:00:00Z")).isTrue();
        assertThat(excludes(calendar, "2026-12-25T23:59:59.999Z")).isTrue();
        assertThat(excludes(calendar, "2026-12-26T00:00:00Z")).isFalse();
        assertThat(excludes(calendar, "2027-12-25T12:00:00Z")).isFalse();
    }

    @Test
    void a_yearly_day_comes_every_year_and_29_February_in_leap_years() {
        ExclusionCalendar calendar =
                calendar("UTC", List.of(), Set.of(), List.of(MonthDay.of(12, 25), MonthDay.of(2, 29)));
        assertThat(excludes(calendar, "2026-12-25T12:00:00Z")).isTrue();
        assertThat(excludes(calendar, "2031-12-25T12:00:00Z")).isTrue();
        assertThat(excludes(calendar, "2026-12-26T12:00:00Z")).isFalse();
        assertThat(excludes(calendar, "2028-02-29T12:00:00Z")).isTrue();
        assertThat(excludes(calendar, "2027-02-28T12:00:00Z")).isFalse();
        assertThat(excludes(calendar, "2027-03-01T12:00:00Z")).isFalse();
    }

    @Test
    void a_weekday_is_every_one_of_its_kind() {
        ExclusionCalendar calendar = calendar("UTC", List.of(), Set.of(DayOfWeek.SATURDAY), List.of());
        assertThat(excludes(calendar, "2026-01-03T12:00:00Z")).isTrue();
        assertThat(excludes(calendar, "2026-01-04T12:00:00Z")).isFalse();
    }

    @Test
    void its_day_begins_at_midnight_of_its_zone_also_where_clocks_change() {
        ExclusionCalendar auckland = calendar("Pacific/Auckland", List.of(CHRISTMAS), Set.of(), List.of());
        assertThat(excludes(auckland, "2026-12-24T10:59:59Z")).isFalse();
        assertThat(excludes(auckland, "2026-12-24T11:00:00Z")).isTrue();
        assertThat(excludes(auckland, "2026-12-25T10:59:59Z")).isTrue();
        assertThat(excludes(auckland, "2026-12-25T11:00:00Z")).isFalse();
        // In Berlin 25 October 2026 has 25 hours.
        ExclusionCalendar berlin = calendar("Europe/Berlin", List.of(LocalDate.of(2026, 10, 25)), Set.of(), List.of());
        assertThat(excludes(berlin, "2026-10-24T21:59:59Z")).isFalse();
        assertThat(excludes(berlin, "2026-10-24T22:00:00Z")).isTrue();
        assertThat(excludes(berlin, "2026-10-25T22:59:59Z")).isTrue();
        assertThat(excludes(berlin, "2026-10-25T23:00:00Z")).isFalse();
    }
}
