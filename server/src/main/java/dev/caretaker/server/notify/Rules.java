package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.config.NotificationsConfig.Digest;
import dev.caretaker.server.config.NotificationsConfig.Grouping;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import dev.caretaker.server.config.NotificationsConfig.Wait;
import dev.caretaker.server.notify.channel.Channel;
import dev.caretaker.server.notify.channel.Channels;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.Told;
import dev.caretaker.server.store.Told.Gathering;
import dev.caretaker.server.store.Unrouted;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Say which channels are told of a notice, and whether by itself or with others. */
@Singleton
final class Rules {
    /** The check that finds channels that could not be told; its objects are their names. */
    private static final String UNDELIVERED = "notification-dead";

    /** Beginnings that a channel is not told of itself. */
    private static final Set<NotificationEvent> ABOUT_CHANNELS =
            EnumSet.of(NotificationEvent.CHANNEL_STOPPED, NotificationEvent.DELIVERY_DEAD);

    private final NotificationsConfig config;
    private final DeliveryStore deliveries;
    private final Channels channels;

    Rules(NotificationsConfig config, DeliveryStore deliveries, Channels channels) {
        this.config = config;
        this.deliveries = deliveries;
        this.channels = channels;
    }

    /** Whether it matters what was told before. */
    boolean lookBack(Unrouted next) {
        return next.reminder()
                || next.notice().resolves().isPresent()
                || config.rules().stream().anyMatch(rule -> rule.repeat().isPresent());
    }

    /** Every channel once, however many rules name it, as soon as the first of them wants; and in digests besides. */
    List<Told> told(Unrouted next) {
        if (next.channel().isPresent()) {
            return List.of(new Told(next.channel().get(), Optional.empty()));
        }
        Notice notice = next.notice();
        Optional<NotificationEvent> event = notice.event();
        if (event.isEmpty()) {
            return List.of();
        }
        Map<String, Told> told = new TreeMap<>();
        List<Told> all = new ArrayList<>();
        for (Rule rule : config.rules()) {
            if (concerns(rule, notice, event.get())) {
                for (String channel : rule.channels()) {
                    if (!isDead(channel, notice) && wants(rule, channel, next, event.get())) {
                        Told one = new Told(channel, gathering(rule, channel, next));
                        if (isDigest(rule)) {
                            all.add(one);
                        } else {
                            told.merge(
                                    channel,
                                    one,
                                    (first, second) -> wait(second).compareTo(wait(first)) < 0 ? second : first);
                        }
                    }
                }
            }
        }
        if (event.get() == NotificationEvent.SCHEDULE_SUCCEEDED) {
            config.channels().values().stream()
                    .filter(channel -> channel instanceof ChannelConfig.Heartbeat heartbeat
                            && heartbeat
                                    .schedules()
                                    .contains(String.valueOf(notice.data().get("schedule"))))
                    .map(ChannelConfig::name)
                    .forEach(name -> told.put(name, new Told(name, Optional.empty())));
        }
        all.addAll(told.values());
        return all;
    }

    /** Channels that are told of something that nobody can write down: those of all rules that want it, but for digests. */
    Set<String> atOnce(Notice notice) {
        NotificationEvent event = notice.event().orElseThrow();
        return config.rules().stream()
                .filter(rule -> concerns(rule, notice, event) && !isDigest(rule))
                .flatMap(rule -> rule.channels().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** That a channel could not be told is not told to that channel: it would be one more that does not arrive. */
    private static boolean isDead(String channel, Notice notice) {
        boolean itself = notice.event().filter(ABOUT_CHANNELS::contains).isPresent()
                && channel.equals(notice.data().get("channel"));
        return itself
                || UNDELIVERED.equals(notice.data().get("check"))
                        && channel.equals(notice.data().get("object"));
    }

    private static Duration wait(Told told) {
        return told.gathering().flatMap(Gathering::delay).orElse(Duration.ZERO);
    }

    /** The end of something concerns whom the thing itself does. */
    private static boolean concerns(Rule rule, Notice notice, NotificationEvent event) {
        boolean named = rule.events().contains(event) || event.ends().stream().anyMatch(rule.events()::contains);
        boolean kind = rule.events().isEmpty() ? event != NotificationEvent.SCHEDULE_SUCCEEDED : named;
        return kind
                && notice.severity().compareTo(rule.severity()) >= 0
                && (rule.targets().isEmpty() || rule.targets().contains(notice.target()))
                && (notice.resolves().isEmpty() || rule.resolved());
    }

    private boolean wants(Rule rule, String channel, Unrouted next, NotificationEvent event) {
        Notice notice = next.notice();
        if (notice.resolves().isPresent()) {
            return event.ends().stream()
                    .anyMatch(begun -> deliveries.wasTold(notice, begun, channel, Instant.EPOCH, true));
        }
        if (rule.repeat().isEmpty()) {
            return !next.reminder()
                    || !isDigest(rule) && !deliveries.wasTold(notice, event, channel, Instant.EPOCH, false);
        }
        Instant before = notice.occurred().minus(rule.repeat().get());
        return !deliveries.wasTold(notice, event, channel, before, false);
    }

    private static boolean isDigest(Rule rule) {
        return rule.grouping().filter(Digest.class::isInstance).isPresent();
    }

    private Optional<Gathering> gathering(Rule rule, String channel, Unrouted next) {
        if (rule.grouping().isPresent()) {
            return Optional.of(gathering(rule.name(), rule.grouping().get(), next.notice()));
        }
        boolean people = Optional.ofNullable(channels.all().get(channel))
                .filter(Channel::isForPeople)
                .isPresent();
        return people || next.whole()
                ? Optional.of(new Gathering("", next.batch(), Optional.of(Duration.ZERO)))
                : Optional.empty();
    }

    private static Gathering gathering(String rule, Grouping grouping, Notice notice) {
        return switch (grouping) {
            case Digest digest -> new Gathering(rule, "", Optional.empty());
            case Wait wait ->
                new Gathering(
                        rule,
                        (wait.byTarget() ? notice.target() : "") + "/" + (wait.byEvent() ? notice.type() : ""),
                        Optional.of(wait.span()));
        };
    }
}
