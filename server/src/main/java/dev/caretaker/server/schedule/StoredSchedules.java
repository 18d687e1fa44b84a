package dev.caretaker.server.schedule;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.schedule.Schedules.SchedulePage;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleRow;
import dev.caretaker.server.store.ScheduleStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds schedules, and their lines, in the control store. */
@Singleton
final class StoredSchedules {
    private final ScheduleStore store;
    private final ScheduleLineStore lines;

    StoredSchedules(ScheduleStore store, ScheduleLineStore lines) {
        this.store = store;
        this.lines = lines;
    }

    Optional<StoredSchedule> find(String name) {
        return store.find(name).map(StoredSchedule::of);
    }

    /** Fails with SCHEDULE_NOT_FOUND. */
    StoredSchedule get(String name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    /** By name. */
    List<StoredSchedule> all() {
        return page(Optional.empty(), "", Integer.MAX_VALUE);
    }

    /**
     * By name.
     *
     * @param target only those that work at this one; empty means all
     * @param pageToken from the previous page
     */
    SchedulePage page(Optional<String> target, int size, Optional<String> pageToken) {
        List<StoredSchedule> found = page(target, pageToken.orElse(""), size + 1);
        if (found.size() <= size) {
            return new SchedulePage(found, Optional.empty());
        }
        List<StoredSchedule> page = found.subList(0, size);
        return new SchedulePage(page, Optional.of(page.getLast().schedule().name()));
    }

    private List<StoredSchedule> page(Optional<String> target, String after, int limit) {
        return store.list(target, after, limit).stream().map(StoredSchedule::of).toList();
    }

    /**
     * The lines of a schedule.
     *
     * @param target only the one at this target; empty means all
     * @throws CaretakerException SCHEDULE_NOT_FOUND, INVALID_FIELD if it does not work at that target
     */
    List<ScheduleLine> lines(String name, Optional<String> target) {
        get(name);
        List<ScheduleLine> found = lines.of(List.of(name)).stream()
                .filter(line ->
                        target.filter(wanted -> !wanted.equals(line.target())).isEmpty())
                .toList();
        if (found.isEmpty() && target.isPresent()) {
            throw CaretakerException.invalid("target", "schedule " + name + " does not work at it");
        }
        return found;
    }

    private CaretakerException notFound(String name) {
        String question = Similar.question(
                name,
                store.list(Optional.empty(), "", Integer.MAX_VALUE).stream()
                        .map(ScheduleRow::name)
                        .toList());
        return CaretakerException.of(
                Reason.SCHEDULE_NOT_FOUND,
                "No schedule is named \"" + name + "\"" + (question.isEmpty() ? "." : question),
                Map.of("schedule", name));
    }
}
