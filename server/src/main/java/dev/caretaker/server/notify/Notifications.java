package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.OutboxStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Channels, and what was told to them. All methods throw {@link CaretakerException}. */
@Singleton
public class Notifications {
    /** Deliveries on one page, at most. */
    public static final int LARGEST_PAGE = 1_000;

    private final NotificationsConfig config;
    private final DeliveryStore deliveries;
    private final OutboxStore outbox;

    Notifications(NotificationsConfig config, DeliveryStore deliveries, OutboxStore outbox) {
        this.config = config;
        this.deliveries = deliveries;
        this.outbox = outbox;
    }

    /**
     * A channel as it is shown.
     *
     * @param rules names of those that name it
     */
    public record View(ChannelConfig channel, List<String> rules, long pending, long dead) {}

    /** By name. */
    public List<View> channels() {
        Map<String, DeliveryStore.Counts> counts = deliveries.counts().stream()
                .collect(Collectors.toMap(DeliveryStore.Counts::channel, Function.identity()));
        return config.channels().values().stream()
                .map(channel -> {
                    DeliveryStore.Counts count =
                            counts.getOrDefault(channel.name(), new DeliveryStore.Counts(channel.name(), 0, 0));
                    return new View(channel, rules(channel.name()), count.pending(), count.dead());
                })
                .toList();
    }

    private List<String> rules(String channel) {
        return config.rules().stream()
                .filter(rule -> rule.channels().contains(channel))
                .map(Rule::name)
                .toList();
    }

    /** Sends a test. Fails with CHANNEL_NOT_FOUND. */
    public void test(UUID id, String channel, Actor actor) {
        if (!config.channels().containsKey(channel)) {
            throw CaretakerException.of(
                    Reason.CHANNEL_NOT_FOUND,
                    "The configuration has no channel " + channel + ".",
                    Map.of("channel", channel));
        }
        outbox.test(id, channel, actor.name());
    }

    /** Newest first. */
    public List<DeliveryRow> list(DeliveryStore.Filter filter, Optional<DeliveryStore.Key> after, int limit) {
        return deliveries.list(filter, after, limit);
    }

    /** Delivers again. Fails with NOTIFICATION_NOT_FOUND. */
    public List<DeliveryRow> redeliver(UUID id, Optional<String> channel) {
        deliveries.again(id, channel);
        DeliveryStore.Filter filter =
                new DeliveryStore.Filter(channel, Optional.empty(), Optional.empty(), Optional.of(id));
        List<DeliveryRow> found = deliveries.list(filter, Optional.empty(), LARGEST_PAGE);
        if (found.isEmpty()) {
            throw CaretakerException.of(
                    Reason.NOTIFICATION_NOT_FOUND,
                    "No channel" + channel.map(name -> " " + name).orElse("") + " was told of a notification " + id
                            + ".",
                    Map.of("notification_id", id.toString()));
        }
        return found;
    }

    /** Deliveries that were given up, of what concerns a target or all, by channel. */
    public List<DeliveryStore.Deaths> deaths(String target) {
        return deliveries.deaths(target);
    }
}
