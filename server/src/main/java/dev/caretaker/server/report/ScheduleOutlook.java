package dev.caretaker.server.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Says what schedules have ahead. Implemented by those who keep them. */
@FunctionalInterface
public interface ScheduleOutlook {

    /** What is due at a target within a span, by its first time. */
    List<Coming> coming(String target, Instant from, Duration span);

    /**
     * What a schedule has ahead.
     *
     * @param work what it starts, in a few words
     * @param times how often it is due, as far as it was looked at
     * @param more whether it is due more often than that
     * @param starts of these, how often it would start as things stand
     * @param obstacle what stands in the way of the first time at which it would not; empty if nothing does
     */
    record Coming(
            String schedule, String work, Instant first, long times, boolean more, long starts, String obstacle) {}
}
