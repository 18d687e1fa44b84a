package dev.caretaker.server.notify.channel;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A notice as CloudEvents 1.0 has it, in its JSON format
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 */
final class CloudEvent {
    static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final String PREFIX = "dev.caretaker.";

    private CloudEvent() {}

    static String json(Notice notice, URI source) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("severity", notice.severity().name().toLowerCase(Locale.ROOT));
        data.put("target", notice.target());
        data.put("summary", notice.summary());
        notice.resolves().ifPresent(event -> data.put("resolves", PREFIX + event));
        data.putAll(notice.data());
        data.computeIfPresent(
                "events",
                (name, events) -> notice.parts().stream().map(CloudEvent::part).toList());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", notice.id().toString());
        event.put("source", source.toString());
        event.put("type", PREFIX + notice.type());
        event.put("subject", notice.topic());
        event.put("time", notice.occurred().toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        return Json.write(event);
    }

    /** With the same words as if it were told by itself. */
    private static Map<String, Object> part(NoticePart part) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", part.id());
        event.put("type", PREFIX + part.type());
        event.put("subject", part.topic());
        event.put("time", part.occurred().toString());
        event.put("severity", part.severity().name().toLowerCase(Locale.ROOT));
        event.put("target", part.target());
        event.put("summary", part.summary());
        part.resolves().ifPresent(begun -> event.put("resolves", PREFIX + begun));
        return event;
    }
}
