package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a message that tells of many.
 *
 * @param id of the event's own notification
 * @param resolves name of the event whose end this is
 */
public record NoticePart(
        String id,
        String type,
        Severity severity,
        String target,
        String topic,
        String summary,
        Optional<String> resolves,
        Instant occurred) {

    static NoticePart read(Map<?, ?> part) {
        return new NoticePart(
                String.valueOf(part.get("id")),
                String.valueOf(part.get("type")),
                Severity.valueOf(String.valueOf(part.get("severity"))),
                String.valueOf(part.get("target")),
                String.valueOf(part.get("topic")),
                String.valueOf(part.get("summary")),
                Optional.ofNullable(part.get("resolves")).map(String::valueOf),
                Instant.parse(String.valueOf(part.get("time"))));
    }

    /** As it is kept in a message. */
    public static Map<String, Object> write(Notice notice) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("id", notice.id().toString());
        part.put("type", notice.type());
        part.put("severity", notice.severity().name());
        part.put("target", notice.target());
        part.put("topic", notice.topic());
        part.put("summary", notice.summary());
        notice.resolves().ifPresent(event -> part.put("resolves", event));
        part.put("time", notice.occurred().toString());
        return part;
    }
}
