package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Something to be told. It holds no row data, SQL text or credentials, and of errors only their reasons.
 *
 * @param id the same in every attempt and at every channel
 * @param target empty text: it concerns all, or none
 * @param topic what it is about; an event and its opposite have the same
 * @param summary a sentence
 * @param data more of it, by name
 * @param resolves event whose end this is
 */
public record Notice(
        UUID id,
        NotificationEvent event,
        Severity severity,
        String target,
        String topic,
        String summary,
        Map<String, String> data,
        Optional<NotificationEvent> resolves,
        Instant occurred) {

    static Notice read(ResultSet row) throws SQLException {
        Map<String, String> data = new LinkedHashMap<>();
        Json.read(row.getString("data"), Map.class)
                .forEach((name, value) -> data.put(String.valueOf(name), String.valueOf(value)));
        return new Notice(
                row.getObject("notification_id", UUID.class),
                NotificationEvent.of(row.getString("type")).orElse(NotificationEvent.CHANNEL_TEST),
                Severity.valueOf(row.getString("severity")),
                row.getString("target"),
                row.getString("topic"),
                row.getString("summary"),
                data,
                Optional.ofNullable(row.getString("resolves")).flatMap(NotificationEvent::of),
                ControlStore.instant(row, "occurred"));
    }
}
