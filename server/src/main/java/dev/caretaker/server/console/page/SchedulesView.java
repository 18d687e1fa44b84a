package dev.caretaker.server.console.page;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.ExclusionCalendar;
import java.util.List;

/**
 * All schedules.
 *
 * @param more whether there are more than these
 */
public record SchedulesView(
        List<ScheduleLine> schedules, boolean more, TwoWeeks weeks, List<ExclusionCalendar> calendars) {

    /** What the calendar does not have, a sentence; empty if it has all. */
    public String calendarLacks() {
        boolean many = schedules.stream()
                .anyMatch(line -> !OneOfMany.of(line.schedule()).isEmpty());
        return (more ? "Only of the first " + Show.count(schedules.size()) + " schedules by name. " : "")
                + (many
                        ? "Of a schedule with more than " + OneOfMany.FEW
                                + " targets only as it is at the one that is due first."
                        : "");
    }
}
