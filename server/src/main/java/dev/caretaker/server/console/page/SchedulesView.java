package dev.caretaker.server.console.page;

import dev.caretaker.v1.ExclusionCalendar;
import java.util.List;

/**
 * All schedules.
 *
 * @param more whether there are more than these
 */
public record SchedulesView(
        List<ScheduleLine> schedules, boolean more, TwoWeeks weeks, List<ExclusionCalendar> calendars) {}
