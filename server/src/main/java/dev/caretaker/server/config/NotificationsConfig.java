package dev.caretaker.server.config;

import dev.caretaker.server.config.NotificationEvent.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Who is told of what, under {@code caretaker.notifications}.
 *
 * @param source what CloudEvents name as their source
 * @param retention how long notifications are kept
 * @param attempts after so many a delivery is given up
 * @param retryAfter wait after the first attempt; each wait is five times the one before, at most 12 h
 * @param channels by name
 */
public record NotificationsConfig(
        URI source,
        Duration retention,
        int attempts,
        Duration retryAfter,
        SortedMap<String, ChannelConfig> channels,
        List<Rule> rules) {

    /**
     * What goes where. Everything that is given must fit.
     *
     * @param events empty: all but what is for heartbeats
     * @param severity this or worse
     * @param targets empty: all, and what concerns no target
     * @param repeat the same, at the same topic, is not told again within this span
     * @param resolved whether the end of what was told is told as well
     */
    public record Rule(
            String name,
            Set<NotificationEvent> events,
            Severity severity,
            Set<String> targets,
            List<String> channels,
            Optional<Duration> repeat,
            boolean resolved) {}
}
