package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Schedules and exclusion calendars in the control store. */
@Singleton
public class ScheduleStore {
    private final ControlStore store;

    ScheduleStore(ControlStore store) {
        this.store = store;
    }

    /** As {@link ControlStore#now}. */
    public Instant now() {
        return store.now();
    }

    /** One change of schedules and calendars at a time, readers and the clock welcome, until the transaction ends. */
    public void lock() {
        store.update("schedule_lock");
    }

    public Optional<ScheduleRow> find(String name) {
        return store.first("schedule_find", ScheduleRow::read, name);
    }

    /** Those of these names. */
    public List<ScheduleRow> named(Collection<String> names) {
        return store.list("schedule_named", ScheduleRow::read, texts(names));
    }

    /** By name, those after {@code after}; only those with a line at {@code target}, if that is given. */
    public List<ScheduleRow> list(Optional<String> target, String after, int limit) {
        return store.list("schedule_list", ScheduleRow::read, after, target, target, limit);
    }

    /** Leaves its pause as it is. */
    public void put(ScheduleRow row) {
        store.update("schedule_put", row.name(), row.content(), row.etag(), row.updated(), Json.write(row.updatedBy()));
    }

    /** @param pause empty: it fires again */
    public void pause(String name, Optional<SchedulePause> pause) {
        store.update("schedule_pause", pause.map(Json::write), name);
    }

    /** Its lines have {@linkplain ScheduleLineStore#set gone} before; its fires stay. */
    public void delete(String name) {
        store.update("schedule_delete", name);
    }

    /** By name. */
    public List<CalendarRow> calendars() {
        return store.list("calendar_list", CalendarRow::read);
    }

    public void putCalendar(CalendarRow row) {
        store.update("calendar_put", row.name(), row.content(), row.updated(), Json.write(row.updatedBy()));
    }

    public void deleteCalendar(String name) {
        store.update("calendar_delete", name);
    }

    /** An array of texts as Postgres reads it. */
    static String texts(Collection<String> values) {
        StringBuilder array = new StringBuilder("{");
        for (String value : values) {
            array.append(array.length() > 1 ? "," : "")
                    .append('"')
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return array.append('}').toString();
    }
}
