package dev.caretaker.server.console.page;

import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.Retention;

/**
 * How long rows are kept, as a form has it: one number of one unit.
 *
 * @param unit hours, days, months or years; "other" if it is not a number of one of these
 */
public record Kept(long number, String unit) {
    private static final int HOUR = 3_600;

    static Kept of(Retention retention) {
        if (retention.hasDuration()) {
            long seconds = retention.getDuration().getSeconds();
            return seconds % HOUR == 0 ? new Kept(seconds / HOUR, "hours") : new Kept(0, "other");
        }
        CalendarPeriod calendar = retention.getCalendar();
        int units = Integer.signum(calendar.getYears())
                + Integer.signum(calendar.getMonths())
                + Integer.signum(calendar.getDays());
        if (units != 1) {
            return new Kept(0, units == 0 ? "days" : "other");
        }
        if (calendar.getYears() > 0) {
            return new Kept(calendar.getYears(), "years");
        }
        return calendar.getMonths() > 0
                ? new Kept(calendar.getMonths(), "months")
                : new Kept(calendar.getDays(), "days");
    }
}
