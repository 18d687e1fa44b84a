package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A policy as the control store keeps it.
 *
 * @param content the policy in JSON
 * @param etag hash of the content
 */
public record PolicyRow(String name, String target, String content, String etag, Instant updated, Actor updatedBy) {

    static PolicyRow read(ResultSet row) throws SQLException {
        return new PolicyRow(
                row.getString("name"),
                row.getString("target"),
                row.getString("content"),
                row.getString("etag"),
                ControlStore.instant(row, "updated"),
                Json.read(row.getString("updated_by"), Actor.class));
    }
}
