package dev.caretaker.server.schedule;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.SchedulePause;
import dev.caretaker.server.store.ScheduleRow;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as the control store keeps it.
 *
 * @param etag hash of its content: the same content always has the same etag
 * @param updated when its content last changed
 * @param pause who paused it; its end may be past
 */
public record StoredSchedule(
        Schedule schedule, String etag, Instant updated, Actor updatedBy, Optional<SchedulePause> pause) {

    /** As it is stored. */
    public static StoredSchedule of(ScheduleRow row) {
        return new StoredSchedule(
                Json.read(row.content(), Schedule.class), row.etag(), row.updated(), row.updatedBy(), row.pause());
    }
}
