package dev.caretaker.server.detect;

/** What is expected of schedules; provided by whoever keeps schedules. */
public interface ScheduleFacts {

    /**
     * Facts of every schedule that works at a target and of which success is expected, a JSON array of objects: schedule,
     * since (when a run last ended well, or when the schedule was made; ISO 8601), succeeded (whether one ever has),
     * within_seconds (how long that may be ago), and latest (what became of its latest nominal time, a sentence).
     */
    String of(String target);
}
