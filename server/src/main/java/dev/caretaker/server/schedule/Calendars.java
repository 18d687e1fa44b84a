package dev.caretaker.server.schedule;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.CalendarRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.ScheduleStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Exclusion calendars in the control store. What changes them is called in a transaction that holds the lock of schedules. */
@Singleton
final class Calendars {
    private final ScheduleStore store;

    Calendars(ScheduleStore store) {
        this.store = store;
    }

    /** All of them, by name. */
    List<ExclusionCalendar> all() {
        return store.calendars().stream()
                .map(row -> Json.read(row.content(), ExclusionCalendar.class))
                .toList();
    }

    /** Names of those that are there when a change is applied. */
    Set<String> namesAfter(Schedules.Change change) {
        Set<String> names = new TreeSet<>(names(change.calendars()));
        if (!change.prune()) {
            names.addAll(names(all()));
        }
        return names;
    }

    /** Stores those of a change that are not as they are wanted, and removes those that it prunes. */
    void apply(Schedules.Change change, Actor actor, Instant now) {
        Map<String, ExclusionCalendar> before =
                all().stream().collect(Collectors.toMap(ExclusionCalendar::name, Function.identity()));
        for (ExclusionCalendar calendar : change.calendars()) {
            if (!calendar.equals(before.get(calendar.name()))) {
                store.putCalendar(new CalendarRow(calendar.name(), Json.write(calendar), now, actor));
            }
        }
        if (change.prune()) {
            Set<String> kept = Set.copyOf(names(change.calendars()));
            before.keySet().stream().filter(name -> !kept.contains(name)).forEach(store::deleteCalendar);
        }
    }

    /**
     * Removes one that no schedule names.
     *
     * @param schedules all that there are
     * @return as it was
     */
    ExclusionCalendar delete(String name, List<StoredSchedule> schedules) {
        List<ExclusionCalendar> known = all();
        ExclusionCalendar before = known.stream()
                .filter(calendar -> calendar.name().equals(name))
                .findFirst()
                .orElseThrow(() -> notFound(name, known));
        String users = schedules.stream()
                .map(StoredSchedule::schedule)
                .filter(schedule -> schedule.calendars().contains(name))
                .map(Schedule::name)
                .collect(Collectors.joining(", "));
        if (!users.isEmpty()) {
            throw CaretakerException.of(
                    Reason.CALENDAR_IN_USE,
                    "Calendar " + name + " is named by schedules: " + users + ".",
                    Map.of("calendar", name, "schedules", users));
        }
        store.deleteCalendar(name);
        return before;
    }

    private static CaretakerException notFound(String name, List<ExclusionCalendar> known) {
        String question = Similar.question(name, names(known));
        return CaretakerException.of(
                Reason.CALENDAR_NOT_FOUND,
                "No calendar is named \"" + name + "\"" + (question.isEmpty() ? "." : question),
                Map.of("calendar", name));
    }

    private static List<String> names(List<ExclusionCalendar> calendars) {
        return calendars.stream().map(ExclusionCalendar::name).toList();
    }
}
