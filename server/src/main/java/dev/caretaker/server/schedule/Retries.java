package dev.caretaker.server.schedule;

import java.time.Duration;

/**
 * How often a failed run is followed by another for the same nominal time.
 *
 * @param times runs after the first
 * @param delay from the end of one to the start of the next
 */
public record Retries(int times, Duration delay) {
    public static final Retries NONE = new Retries(0, Duration.ZERO);
}
