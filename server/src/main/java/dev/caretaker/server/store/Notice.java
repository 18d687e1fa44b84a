package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Something to be told. It holds no row data, SQL text or credentials, and of errors only their reasons.
 *
 * @param id the same in every attempt and at every channel
 * @param type name of the event, perhaps one that only newer servers know
 * @param target empty text: it concerns all, or none
 * @param topic what it is about; an event and its opposite have the same
 * @param summary a sentence
 * @param data more of it, by name
 * @param resolves name of the event whose end this is
 */
public record Notice(
        UUID id,
        String type,
        Severity severity,
        String target,
        String topic,
        String summary,
        Map<String, Object> data,
        Optional<String> resolves,
        Instant occurred) {

    static Notice read(ResultSet row) throws SQLException {
        Map<String, Object> data = new LinkedHashMap<>();
        Json.read(row.getString("data"), Map.class).forEach((name, value) -> data.put(String.valueOf(name), value));
        return new Notice(
                row.getObject("notification_id", UUID.class),
                row.getString("type"),
                Severity.valueOf(row.getString("severity")),
                row.getString("target"),
                row.getString("topic"),
                row.getString("summary"),
                data,
                Optional.ofNullable(row.getString("resolves")),
                ControlStore.instant(row, "occurred"));
    }

    /** Empty if only newer servers know it. */
    public Optional<NotificationEvent> event() {
        return NotificationEvent.of(type);
    }

    /** Events that it tells of, if it is a message of many: the worst of them. */
    public List<NoticePart> parts() {
        return data.get("events") instanceof List<?> parts
                ? parts.stream()
                        .filter(Map.class::isInstance)
                        .map(part -> NoticePart.read((Map<?, ?>) part))
                        .toList()
                : List.of();
    }

    /** How many more it tells of than it names. */
    public long partsLeftOut() {
        return data.get("count") instanceof Number count ? count.longValue() - parts().size() : 0;
    }

    /** What goes on since earlier, sentences. */
    public List<String> still() {
        return data.get("still") instanceof List<?> lines
                ? lines.stream().map(String::valueOf).toList()
                : List.of();
    }
}
