package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads {@code caretaker.schedules}. */
@Factory
public final class SchedulesReader {
    /** Thirteen months: what happened at the same time last year can still be told. */
    private static final Duration USUAL = Duration.ofDays(400);

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public SchedulesConfig read(Environment environment) {
        Settings root = new Settings(environment, "caretaker");
        return new SchedulesConfig(
                root.duration(SchedulesConfig.FIRE_RETENTION, Duration.ofHours(1), Duration.ofDays(36_500))
                        .orElse(USUAL));
    }
}
