package dev.caretaker.server.config;

import java.time.Duration;

/**
 * Settings of schedules, under {@code caretaker.schedules}.
 *
 * @param fireRetention how long is kept what became of their nominal times
 */
public record SchedulesConfig(Duration fireRetention) {
    /** Its key below {@code caretaker}. */
    static final String FIRE_RETENTION = "schedules.fire-retention";
}
