package dev.caretaker.server.config;

import dev.caretaker.server.config.RetentionConfig.Kept;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Reads {@code caretaker.retention}, and the keys that some of it had before there was one place for all. */
@Factory
public final class RetentionReader {
    /** Keys that go on to be read. */
    private static final Map<Kept, String> EARLIER = Map.of(
            Kept.PROGRESS, "engine.progress-retention",
            Kept.RUNS, "engine.run-retention",
            Kept.FIRES, SchedulesConfig.FIRE_RETENTION,
            Kept.NOTIFICATIONS, "notifications.retention");

    private static final Duration LEAST = Duration.ofHours(1);
    /** Retries of deliveries go on for 18 hours, and may be set to go on for longer. */
    private static final Duration LEAST_NOTIFICATIONS = Duration.ofDays(2);
    /** Callers that ask again after an outage still get their answer. */
    private static final Duration LEAST_REQUESTS = Duration.ofDays(1);

    private static final Duration MOST = Duration.ofDays(36_500);

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public RetentionConfig read(
            Environment environment,
            EngineConfig engine,
            SchedulesConfig schedules,
            NotificationsConfig notifications) {
        Settings root = new Settings(environment, "caretaker");
        Map<Kept, Duration> spans = new EnumMap<>(Kept.class);
        // Debts come after runs, with which they are told.
        for (Kept kept : Kept.values()) {
            Duration usual =
                    kept == Kept.DEBTS ? spans.get(Kept.RUNS) : earlier(kept, engine, schedules, notifications);
            spans.put(kept, span(root, kept, usual));
        }
        if (spans.get(Kept.NOTIFICATIONS).compareTo(notifications.leastRetention()) < 0) {
            throw root.wrong("retention." + Kept.NOTIFICATIONS.text(), NotificationsReader.TOO_SHORT);
        }
        return new RetentionConfig(spans);
    }

    /** @param usual what the key says that it had before; its default otherwise */
    private static Duration span(Settings root, Kept kept, Duration usual) {
        String key = "retention." + kept.text();
        String earlier = EARLIER.get(kept);
        if (earlier != null && root.text(key).isPresent() && root.text(earlier).isPresent()) {
            throw root.wrong(key, "and " + root.key(earlier) + " are the same: give only one");
        }
        return root.duration(key, least(kept), MOST).orElse(usual);
    }

    private static Duration least(Kept kept) {
        return switch (kept) {
            case NOTIFICATIONS -> LEAST_NOTIFICATIONS;
            case REQUESTS -> LEAST_REQUESTS;
            default -> LEAST;
        };
    }

    private static Duration earlier(
            Kept kept, EngineConfig engine, SchedulesConfig schedules, NotificationsConfig notifications) {
        return switch (kept) {
            case PROGRESS -> engine.progressRetention();
            case RUNS -> engine.runRetention();
            case FIRES -> schedules.fireRetention();
            case NOTIFICATIONS -> notifications.retention();
            default -> kept.usual();
        };
    }
}
