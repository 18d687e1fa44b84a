package dev.caretaker.server.config;

import dev.caretaker.server.config.NotificationsConfig.Digest;
import dev.caretaker.server.config.NotificationsConfig.Grouping;
import dev.caretaker.server.config.NotificationsConfig.Wait;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads how a rule makes one message of many events. */
final class GroupingReader {
    private static final List<String> BY = List.of("target", "event");
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private GroupingReader() {}

    static Optional<Grouping> read(Settings rule) {
        Optional<Duration> wait = rule.duration("group-wait", Duration.ofSeconds(1), LONGEST_WAIT);
        Optional<String> digest = rule.text("digest");
        if (wait.isPresent() && digest.isPresent()) {
            throw rule.wrong("group-wait", "is of no use beside digest");
        }
        if (digest.isEmpty()) {
            for (String key : List.of("at", "day", "zone", "when-empty")) {
                require(rule, key, rule.text(key).isEmpty(), "digest");
            }
        }
        require(rule, "group-by", wait.isPresent() || rule.list("group-by").isEmpty(), "group-wait");
        require(rule, "repeat", digest.isEmpty() || rule.text("repeat").isEmpty(), "a rule without digest");
        return digest.isPresent() ? Optional.of(digest(rule, digest.get())) : wait.map(span -> wait(rule, span));
    }

    private static void require(Settings rule, String key, boolean fits, String other) {
        if (!fits) {
            throw rule.wrong(key, "goes with " + other + " only");
        }
    }

    private static Grouping wait(Settings rule, Duration wait) {
        List<String> by = rule.list("group-by");
        if (by.equals(List.of("none"))) {
            return new Wait(wait, false, false);
        }
        by.stream().filter(word -> !BY.contains(word)).findFirst().ifPresent(word -> {
            throw rule.wrong("group-by", "give target, event, both or none, not " + word);
        });
        return new Wait(wait, by.isEmpty() || by.contains("target"), by.contains("event"));
    }

    private static Grouping digest(Settings rule, String every) {
        if (!every.equals("daily") && !every.equals("weekly")) {
            throw rule.wrong("digest", "give daily or weekly, not " + every);
        }
        boolean weekly = every.equals("weekly");
        require(rule, "day", weekly || rule.text("day").isEmpty(), "digest: weekly");
        return new Digest(
                weekly ? Optional.of(day(rule)) : Optional.empty(), time(rule), zone(rule), rule.flag("when-empty"));
    }

    private static DayOfWeek day(Settings rule) {
        String day = rule.text("day").orElse("monday");
        try {
            return DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw rule.wrong("day", "is not a day of the week such as monday: " + day);
        }
    }

    private static LocalTime time(Settings rule) {
        String time = rule.required("at");
        try {
            return LocalTime.parse(time);
        } catch (DateTimeException e) {
            throw rule.wrong("at", "is not a time of day such as \"07:00\": " + time);
        }
    }

    private static ZoneId zone(Settings rule) {
        Optional<String> zone = rule.text("zone");
        try {
            return zone.map(ZoneId::of).orElse(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw rule.wrong("zone", "is not a zone such as Europe/Berlin: " + zone.orElseThrow());
        }
    }
}
