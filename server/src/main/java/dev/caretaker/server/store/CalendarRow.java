package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * An exclusion calendar as the control store keeps it.
 *
 * @param content the calendar in JSON
 */
public record CalendarRow(String name, String content, Instant updated, Actor updatedBy) {

    static CalendarRow read(ResultSet row) throws SQLException {
        return new CalendarRow(
                row.getString("name"),
                row.getString("content"),
                ControlStore.instant(row, "updated"),
                Json.read(row.getString("updated_by"), Actor.class));
    }
}
