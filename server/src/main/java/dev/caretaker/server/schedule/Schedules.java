package dev.caretaker.server.schedule;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireTrigger;
import dev.caretaker.server.store.ScheduleLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps the schedules. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface Schedules {
    /** Schedules on one page, at most. */
    int LARGEST_PAGE = 1_000;

    /**
     * Creates or replaces schedules and calendars, all of them or none.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD with violations named like
     *     {@code schedules[0].work.routine}, ETAG_MISMATCH
     */
    List<AppliedSchedule> apply(Change change, Actor actor);

    /**
     * Schedules by name.
     *
     * @param target only those that work at this one; empty means all
     * @param pageToken opaque, from the previous page
     */
    SchedulePage list(Optional<String> target, int pageSize, Optional<String> pageToken);

    /** Fails with SCHEDULE_NOT_FOUND. */
    StoredSchedule get(String name);

    /** How schedules stand at their targets, by schedule and target. */
    List<Standing> standing(List<String> schedules);

    /** All calendars, by name. */
    List<ExclusionCalendar> calendars();

    /** Forgets a calendar. Fails with CALENDAR_NOT_FOUND, or with CALENDAR_IN_USE if a schedule names it. */
    ExclusionCalendar deleteCalendar(String name);

    /** Forgets a schedule; its runs go on and its fires stay. Fails with SCHEDULE_NOT_FOUND or ETAG_MISMATCH. */
    StoredSchedule delete(String name, Optional<String> etag);

    /** Pauses it at all of its targets. Fails with SCHEDULE_NOT_FOUND, INVALID_FIELD for an end that is past. */
    StoredSchedule pause(String name, String reason, Optional<Instant> until, Actor actor);

    /** Ends its pause, and those that followed from failures. Fails with SCHEDULE_NOT_FOUND. */
    StoredSchedule resume(String name);

    /**
     * Asks for a fire out of turn; it is WAITING until a server starts it, within a second as a rule.
     *
     * @param target empty: all of its targets
     * @throws dev.caretaker.server.error.CaretakerException SCHEDULE_NOT_FOUND, INVALID_FIELD for a target that it has not
     */
    List<FireRow> trigger(String name, Optional<String> target, FireTrigger trigger);

    /**
     * Its next nominal times and what would become of each as things stand.
     *
     * @param from empty: from now on
     * @param times most for each target
     * @param askTarget whether cleanups are planned at the target, so that limits and what is unusual are told; of more than ten
     *     targets none is asked
     */
    List<Forecast> preview(String name, Optional<String> target, Optional<Instant> from, int times, boolean askTarget);

    /**
     * What to apply.
     *
     * @param prune whether schedules and calendars that are not named are removed
     * @param validateOnly whether to answer without storing anything
     */
    record Change(
            List<ScheduleChange> schedules, List<ExclusionCalendar> calendars, boolean prune, boolean validateOnly) {}

    /** One page of schedules. */
    record SchedulePage(List<StoredSchedule> schedules, Optional<String> nextPageToken) {}

    /**
     * How a schedule stands at a target.
     *
     * @param next next nominal time; empty if it is never due again
     */
    record Standing(Schedule schedule, ScheduleLine line, Optional<Instant> next, Optional<FireRow> latest) {}
}
