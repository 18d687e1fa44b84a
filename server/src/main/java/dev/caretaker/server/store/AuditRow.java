package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An entry of the audit.
 *
 * @param requestId empty if the caller sent none that is a UUID, or Caretaker did it by itself
 * @param target several are separated by commas; may be empty
 * @param reason of a refusal; else empty
 * @param message of a refusal; else empty
 * @param summary what was asked and what came of it, by name
 */
public record AuditRow(
        long id,
        Instant at,
        Actor actor,
        String method,
        Optional<UUID> requestId,
        String target,
        Outcome outcome,
        String reason,
        String message,
        Map<String, String> summary) {

    /** What became of what was asked. */
    public enum Outcome {
        /** It is being done, or was cut short by a crash. */
        STARTED,
        OK,
        REFUSED
    }

    static AuditRow read(ResultSet row) throws SQLException {
        Map<String, String> summary = new TreeMap<>();
        Json.read(row.getString("summary"), Map.class)
                .forEach((name, value) -> summary.put(String.valueOf(name), String.valueOf(value)));
        return new AuditRow(
                row.getLong("audit_id"),
                ControlStore.instant(row, "at"),
                new Actor(row.getString("actor"), row.getBoolean("verified")),
                row.getString("method"),
                Optional.ofNullable(row.getObject("request_id", UUID.class)),
                row.getString("target"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                row.getString("message"),
                summary);
    }
}
