package dev.caretaker.server.config;

import dev.caretaker.server.config.NotificationEvent.Severity;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
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
 * @param unreachableAfter how long a target, or the control store, is away before it is told
 * @param pausedAfter how long a run is paused before it is told
 * @param channels by name
 */
public record NotificationsConfig(
        URI source,
        Duration retention,
        int attempts,
        Duration retryAfter,
        Duration unreachableAfter,
        Duration pausedAfter,
        SortedMap<String, ChannelConfig> channels,
        List<Rule> rules) {

    /** How long notifications must be kept, so that every digest finds what it tells of; zero if there are no digests. */
    public Duration leastRetention() {
        return rules.stream()
                .flatMap(rule -> rule.grouping().stream())
                .filter(Digest.class::isInstance)
                .map(grouping -> ((Digest) grouping).period().plusDays(1))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /**
     * What goes where. Everything that is given must fit.
     *
     * @param events empty: all but what is for heartbeats
     * @param severity this or worse
     * @param targets empty: all, and what concerns no target
     * @param repeat the same, at the same topic, is not told again within this span
     * @param resolved whether the end of what was told is told as well
     * @param grouping empty: events are told as they come
     */
    public record Rule(
            String name,
            Set<NotificationEvent> events,
            Severity severity,
            Set<String> targets,
            List<String> channels,
            Optional<Duration> repeat,
            boolean resolved,
            Optional<Grouping> grouping) {}

    /** Many events as one message. */
    public sealed interface Grouping {}

    /**
     * What happens within a while.
     *
     * @param span from the first of them on
     * @param byTarget whether each target has a message of its own
     * @param byEvent whether each kind of event has
     */
    public record Wait(Duration span, boolean byTarget, boolean byEvent) implements Grouping {}

    /**
     * What happened since the last one.
     *
     * @param day of the week; empty: every day
     * @param at time of day in the zone
     * @param whenEmpty whether it is told that nothing happened
     */
    public record Digest(Optional<DayOfWeek> day, LocalTime at, ZoneId zone, boolean whenEmpty) implements Grouping {
        /** The latest moment, not after another, at which one is due. A time that does not exist is due after the gap. */
        public Instant latest(Instant now) {
            ZonedDateTime local = now.atZone(zone);
            LocalDate date = day.map(weekday -> local.toLocalDate().with(TemporalAdjusters.previousOrSame(weekday)))
                    .orElse(local.toLocalDate());
            Instant due = due(date);
            return due.isAfter(now) ? due(date.minusDays(day.isPresent() ? 7 : 1)) : due;
        }

        private Instant due(LocalDate date) {
            return date.atTime(at).atZone(zone).toInstant();
        }

        /** How long it is from one to the next, at most. */
        public Duration period() {
            return Duration.ofDays(day.isPresent() ? 7 : 1);
        }
    }
}
