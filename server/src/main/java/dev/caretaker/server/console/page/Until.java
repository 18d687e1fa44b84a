package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.show.Moments;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How long a hold, a pause or a mute lasts, as forms offer it: "8h", "7d". Any other word has no end. */
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

    /** When it ends; empty: when somebody ends it. */
    static Optional<Timestamp> of(String word, Instant now) {
        return Optional.ofNullable(LENGTHS.get(word)).map(length -> Moments.timestamp(now.plus(length)));
    }
}
