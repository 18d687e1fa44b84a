package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long a hold, a pause or a mute lasts, as forms offer it: "8h", "7d", or "open" for no end. The API counts from when it takes
 * the request: the same form that is sent twice is the same request.
 */
public final class Until {
    private static final Map<String, Duration> LENGTHS = Map.of(
            "1h",
            Duration.ofHours(1),
            "8h",
            Duration.ofHours(8),
            "1d",
            Duration.ofDays(1),
            "7d",
            Duration.ofDays(7),
            "30d",
            Duration.ofDays(30));

    private static final String OPEN = "open";

    private Until() {}

    /** What a form offers besides no end: the word and how it reads. */
    public static Map<String, String> choices() {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("1h", "1 hour");
        choices.put("8h", "8 hours");
        choices.put("1d", "1 day");
        choices.put("7d", "7 days");
        choices.put("30d", "30 days");
        return choices;
    }

    /**
     * How long; empty: until somebody ends it.
     *
     * @throws BadRequest if the form does not say which: what lost its length must not last for ever
     */
    static Optional<com.google.protobuf.Duration> of(Request request) {
        String word = request.field("length");
        if (word.equals(OPEN)) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(LENGTHS.get(word))
                .map(Moments::duration)
                .orElseThrow(() -> new BadRequest("The form does not say for how long. Load the page again.")));
    }
}
