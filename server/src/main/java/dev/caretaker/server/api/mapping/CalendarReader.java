package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.Zone;
import dev.caretaker.server.schedule.ExclusionCalendar;
import dev.caretaker.v1.Weekday;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads exclusion calendars from their messages. */
public final class CalendarReader {
    private static final int MOST_DATES = 5_000;
    private static final int MOST_YEARLY = 366;

    private CalendarReader() {}

    /** The calendar; incomplete if violations were found. */
    public static ExclusionCalendar read(
            Violations violations, String path, dev.caretaker.v1.ExclusionCalendar message) {
        violations.require(
                ScheduleReader.NAME.matcher(message.getName()).matches(), path + ".name", ScheduleReader.NAME_RULE);
        violations.required(path + ".zone", message.getZone());
        violations.require(
                message.getDatesCount() + message.getWeekdaysCount() + message.getYearlyCount() > 0,
                path,
                "excludes no day: give dates, weekdays or yearly days");
        return new ExclusionCalendar(
                message.getName(),
                violations.text(path + ".description", message.getDescription()),
                Zone.of(Times.zone(violations, path + ".zone", message.getZone())),
                days(violations, path + ".dates", message.getDatesList(), MOST_DATES, LocalDate::parse, "2026-12-24"),
                weekdays(violations, path + ".weekdays", message.getWeekdaysList()),
                days(
                        violations,
                        path + ".yearly",
                        message.getYearlyList(),
                        MOST_YEARLY,
                        text -> MonthDay.parse("--" + text),
                        "12-24"));
    }

    private static <T extends Comparable<? super T>> List<T> days(
            Violations violations,
            String path,
            List<String> texts,
            int most,
            Function<String, T> parser,
            String example) {
        violations.require(texts.size() <= most, path, "must not hold more than " + most + " days");
        List<T> days = new ArrayList<>();
        for (int i = 0; i < Math.min(texts.size(), most); i++) {
            try {
                days.add(parser.apply(texts.get(i)));
            } catch (DateTimeException e) {
                violations.add(path + "[" + i + "]", "is not a day such as " + example);
            }
        }
        return days.stream().distinct().sorted().toList();
    }

    private static Set<DayOfWeek> weekdays(Violations violations, String path, List<Weekday> messages) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (int i = 0; i < messages.size(); i++) {
            switch (messages.get(i)) {
                case WEEKDAY_UNSPECIFIED, UNRECOGNIZED ->
                    violations.add(path + "[" + i + "]", "is not a day of the week");
                default -> days.add(DayOfWeek.of(messages.get(i).getNumber()));
            }
        }
        return days;
    }
}
