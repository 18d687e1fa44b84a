package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as the control store keeps it.
 *
 * @param content the schedule in JSON
 * @param etag hash of the content
 */
public record ScheduleRow(
        String name, String content, String etag, Instant updated, Actor updatedBy, Optional<SchedulePause> pause) {

    static ScheduleRow read(ResultSet row) throws SQLException {
        return read(row, "pause");
    }

    /** @param pause column with its pause, where a line's stands beside it */
    static ScheduleRow read(ResultSet row, String pause) throws SQLException {
        return new ScheduleRow(
                row.getString("name"),
                row.getString("content"),
                row.getString("etag"),
                ControlStore.instant(row, "updated"),
                Json.read(row.getString("updated_by"), Actor.class),
                pause(row, pause));
    }

    static Optional<SchedulePause> pause(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(text -> Json.read(text, SchedulePause.class));
    }
}
